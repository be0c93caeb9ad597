"""The simulated world: payment, carriers, warehouse hands and buyers, seeded and repeatable."""
