"""Fulfilment: parcels, packing, carriers, tracking, delivery exceptions."""
