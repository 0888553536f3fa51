"""What a policy is: its vocabulary, its rules, and how both are read from YAML."""
