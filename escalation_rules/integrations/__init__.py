"""The outside worlds: help desks, signals in texts, agents. One room each; nothing inside the library imports them."""
