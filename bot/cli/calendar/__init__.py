"""Commands about the calendar: the year, the plan, an organization's own rules, days off and feeds."""
