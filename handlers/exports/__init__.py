"""Files to send: the status board as a picture, the workbook, the record sheet."""
