"""The rules of the calendar and of access: values in, values out."""
