"""The shop's tables, and those of what is offered and promised in it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The last number given in each series; the first call of all is H-1, the first price match M-1.
COUNTERS = {"call": 0, "price_match": 0}


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_nl", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("synonyms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "members",
        sa.Column("card", sa.String(length=13), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("card", name=op.f("pk_members")),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_nl", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "percentage",
                "amount_off",
                "multi_buy",
                "bundle",
                name="promotion_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("members_only", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("buy", sa.Integer(), nullable=True),
        sa.Column("pay", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'multi_buy') = (buy IS NOT NULL AND pay IS NOT NULL)",
            name=op.f("ck_promotions_multi_buy"),
        ),
        sa.CheckConstraint(
            "(kind = 'percentage') = (percent IS NOT NULL)", name=op.f("ck_promotions_percentage")
        ),
        sa.CheckConstraint(
            "(kind IN ('amount_off', 'bundle')) = (amount IS NOT NULL)", name=op.f("ck_promotions_amount")
        ),
        sa.CheckConstraint("pay IS NULL OR (pay >= 0 AND pay < buy)", name=op.f("ck_promotions_pay_less")),
        sa.CheckConstraint(
            "percent IS NULL OR (percent > 0 AND percent <= 100)", name=op.f("ck_promotions_percent")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_promotions_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        sa.UniqueConstraint("code", name=op.f("uq_promotions_code")),
    )
    op.create_index("ix_promotions_dates", "promotions", ["starts_on", "ends_on"], unique=False)
    op.create_table(
        "shops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("street", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("number", name=op.f("uq_shops_number")),
    )
    op.create_table(
        "syncs",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_syncs")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_opening_hours_order")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_opening_hours_shop_id_shops")),
        sa.PrimaryKeyConstraint("shop_id", "weekday", name=op.f("pk_opening_hours")),
    )
    op.create_table(
        "places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "department",
                "service",
                "facility",
                name="place_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_nl", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("aisle", sa.String(length=8), nullable=True),
        sa.Column("directions", sa.String(length=160), nullable=False),
        sa.Column("directions_nl", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_places_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("shop_id", "slug", name=op.f("uq_places_shop_id_slug")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(length=20), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column(
            "vat",
            sa.Enum(
                "standard",
                "reduced",
                "zero",
                name="vat",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("warranty_months", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(gtin) = 14", name=op.f("ck_products_gtin")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_products_price")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_products_category_id_categories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("gtin", name=op.f("uq_products_gtin")),
        sa.UniqueConstraint("sku", name=op.f("uq_products_sku")),
    )
    op.create_index(op.f("ix_products_brand"), "products", ["brand"], unique=False)
    op.create_index("ix_products_category_id_price", "products", ["category_id", "price"], unique=False)
    op.create_table(
        "quotes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("member", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("total >= 0", name=op.f("ck_quotes_total")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_quotes_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("number", name=op.f("uq_quotes_number")),
    )
    op.create_index(op.f("ix_quotes_conversation"), "quotes", ["conversation"], unique=False)
    op.create_index(op.f("ix_quotes_created_at"), "quotes", ["created_at"], unique=False)
    op.create_table(
        "reservations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "collected",
                "cancelled",
                "expired",
                name="reservation_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_reservations_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("number", name=op.f("uq_reservations_number")),
    )
    op.create_index(op.f("ix_reservations_conversation"), "reservations", ["conversation"], unique=False)
    op.create_index(
        "ix_reservations_status_expires_at", "reservations", ["status", "expires_at"], unique=False
    )
    op.create_table(
        "special_days",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_special_days_shop_id_shops")),
        sa.PrimaryKeyConstraint("shop_id", "day", name=op.f("pk_special_days")),
    )
    op.create_table(
        "staff_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "advice",
                "locked_cabinet",
                "heavy_item",
                "payment",
                "return",
                "kiosk_problem",
                "other",
                name="call_reason",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "taken",
                "closed",
                name="call_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("taken_by", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_staff_calls_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_calls")),
        sa.UniqueConstraint("number", name=op.f("uq_staff_calls_number")),
    )
    op.create_index(op.f("ix_staff_calls_conversation"), "staff_calls", ["conversation"], unique=False)
    op.create_index("ix_staff_calls_status_created_at", "staff_calls", ["status", "created_at"], unique=False)
    op.create_table(
        "accessories",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("accessory_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["accessory_id"], ["products.id"], name=op.f("fk_accessories_accessory_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_accessories_product_id_products")
        ),
        sa.PrimaryKeyConstraint("product_id", "accessory_id", name=op.f("pk_accessories")),
    )
    op.create_index(op.f("ix_accessories_accessory_id"), "accessories", ["accessory_id"], unique=False)
    op.create_table(
        "incoming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_incoming_quantity")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_incoming_product_id_products")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_incoming_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint(
            "shop_id", "product_id", "expected_on", name=op.f("uq_incoming_shop_id_product_id_expected_on")
        ),
    )
    op.create_index(op.f("ix_incoming_product_id"), "incoming", ["product_id"], unique=False)
    op.create_table(
        "price_matches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("competitor", sa.String(length=80), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("our_price", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "approved",
                "declined",
                name="price_match_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_price_matches_price")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_price_matches_product_id_products")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_price_matches_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_matches")),
        sa.UniqueConstraint("number", name=op.f("uq_price_matches_number")),
    )
    op.create_index(op.f("ix_price_matches_conversation"), "price_matches", ["conversation"], unique=False)
    op.create_table(
        "promotion_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(product_id IS NULL) <> (category_id IS NULL)", name=op.f("ck_promotion_parts_one_thing")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_promotion_parts_quantity")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_promotion_parts_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_promotion_parts_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_promotion_parts_promotion_id_promotions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_parts")),
        sa.UniqueConstraint(
            "promotion_id", "position", name=op.f("uq_promotion_parts_promotion_id_position")
        ),
    )
    op.create_index(op.f("ix_promotion_parts_category_id"), "promotion_parts", ["category_id"], unique=False)
    op.create_index(op.f("ix_promotion_parts_product_id"), "promotion_parts", ["product_id"], unique=False)
    op.create_table(
        "quote_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "vat",
            sa.Enum(
                "standard",
                "reduced",
                "zero",
                name="vat",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("vat_percent", sa.Integer(), nullable=False),
        sa.Column("vat_amount", sa.BigInteger(), nullable=False),
        sa.Column("promotions", sa.Text(), nullable=False),
        sa.CheckConstraint("amount = unit_price * quantity - discount", name=op.f("ck_quote_lines_amount")),
        sa.CheckConstraint(
            "discount >= 0 AND discount <= unit_price * quantity", name=op.f("ck_quote_lines_discount")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_quote_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_quote_lines_product_id_products")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_lines_quote_id_quotes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
        sa.UniqueConstraint("quote_id", "position", name=op.f("uq_quote_lines_quote_id_position")),
    )
    op.create_index(op.f("ix_quote_lines_product_id"), "quote_lines", ["product_id"], unique=False)
    op.create_table(
        "reservation_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_reservation_lines_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_reservation_lines_reservation_id_reservations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_lines")),
        sa.UniqueConstraint(
            "reservation_id", "position", name=op.f("uq_reservation_lines_reservation_id_position")
        ),
    )
    op.create_index(
        op.f("ix_reservation_lines_product_id"), "reservation_lines", ["product_id"], unique=False
    )
    op.create_table(
        "stock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("aisle", sa.String(length=8), nullable=False),
        sa.Column("shelf", sa.String(length=8), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_on_hand")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_stock_product_id_products")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_stock_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock")),
        sa.UniqueConstraint("shop_id", "product_id", name=op.f("uq_stock_shop_id_product_id")),
    )
    op.create_index(op.f("ix_stock_product_id"), "stock", ["product_id"], unique=False)
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer))
    op.bulk_insert(counters, [{"name": name, "value": value} for name, value in COUNTERS.items()])


def downgrade() -> None:
    op.drop_index(op.f("ix_stock_product_id"), table_name="stock")
    op.drop_table("stock")
    op.drop_index(op.f("ix_reservation_lines_product_id"), table_name="reservation_lines")
    op.drop_table("reservation_lines")
    op.drop_index(op.f("ix_quote_lines_product_id"), table_name="quote_lines")
    op.drop_table("quote_lines")
    op.drop_index(op.f("ix_promotion_parts_product_id"), table_name="promotion_parts")
    op.drop_index(op.f("ix_promotion_parts_category_id"), table_name="promotion_parts")
    op.drop_table("promotion_parts")
    op.drop_index(op.f("ix_price_matches_conversation"), table_name="price_matches")
    op.drop_table("price_matches")
    op.drop_index(op.f("ix_incoming_product_id"), table_name="incoming")
    op.drop_table("incoming")
    op.drop_index(op.f("ix_accessories_accessory_id"), table_name="accessories")
    op.drop_table("accessories")
    op.drop_index("ix_staff_calls_status_created_at", table_name="staff_calls")
    op.drop_index(op.f("ix_staff_calls_conversation"), table_name="staff_calls")
    op.drop_table("staff_calls")
    op.drop_table("special_days")
    op.drop_index("ix_reservations_status_expires_at", table_name="reservations")
    op.drop_index(op.f("ix_reservations_conversation"), table_name="reservations")
    op.drop_table("reservations")
    op.drop_index(op.f("ix_quotes_created_at"), table_name="quotes")
    op.drop_index(op.f("ix_quotes_conversation"), table_name="quotes")
    op.drop_table("quotes")
    op.drop_index("ix_products_category_id_price", table_name="products")
    op.drop_index(op.f("ix_products_brand"), table_name="products")
    op.drop_table("products")
    op.drop_table("places")
    op.drop_table("opening_hours")
    op.drop_table("syncs")
    op.drop_table("shops")
    op.drop_index("ix_promotions_dates", table_name="promotions")
    op.drop_table("promotions")
    op.drop_table("members")
    op.drop_table("counters")
    op.drop_table("categories")
