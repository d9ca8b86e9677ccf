"""What neighbours may know of live meetings, recordings and speeches."""
