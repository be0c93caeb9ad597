"""Workers: effects and timers on many processes over one PostgreSQL."""
