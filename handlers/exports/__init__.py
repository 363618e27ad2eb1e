"""Files that answers carry: the board as a picture, the ledger as a workbook, a meeting's record sheet."""
