"""Data exchange with the province 省级数据交换."""
