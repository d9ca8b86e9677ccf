"""Who wants to hear of words and topics 订阅: one alert for one case, to whom may see it."""
