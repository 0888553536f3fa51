"""The plan of escalation_rules beside each ticket of django-helpdesk. README.md in the folder above says how to put it in."""
