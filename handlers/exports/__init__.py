"""Files to send: the board as a picture, the workbook, the record sheet."""
