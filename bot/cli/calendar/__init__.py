"""Commands about the calendar: years, plan, own rules, days off, records and feeds."""
