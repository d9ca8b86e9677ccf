"""履职: deputies in office, activities, duty records, scores."""
