"""How values, rules and decisions are put into words: labels, sentences, formats."""
