"""A small shop in good order: one warehouse, one article, one paid order."""

SHOP = """\
shop: small
name: {zh: 小店, en: small shop}
currency: CNY
zone: Asia/Shanghai
reader: orders
orders: orders.jsonl
warehouses:
  - {code: HZ, name: {zh: 杭州, en: Hangzhou}, region: "3301"}
carriers:
  - {code: SLOW, name: {zh: 慢, en: Slow}, first: 8.00}
catalogue: catalogue.csv
stock: stock.csv
"""
ORDER = (
    '{"source_id": "A1", "channel": "web", "placed_at": "2026-03-02T10:00:00+08:00", '
    '"receiver": {"phone": "13800138000", "region": "330106", "address": "1"}, '
    '"lines": [{"sku": "%s", "quantity": 1, "unit_price": "10"}], '
    '"payments": [{"transaction": "T1", "amount": "10", "paid_at": "2026-03-02T10:00:00+08:00"}]}\n'
)
