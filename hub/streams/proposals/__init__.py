"""Suggestions and motions of deputies 建议·议案, from the first draft to the promise kept."""
