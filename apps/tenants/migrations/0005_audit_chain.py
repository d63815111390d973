import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

import apps.core.ids
from apps.core.tenancy import tenant_tx
from apps.core.walls import TenantWall
from apps.tenants.audit_chain import START, Link, digest_of

# The rows that were there before are numbered and chained as they stand, once.
_OPEN = "ALTER TABLE tenants_auditevent DISABLE TRIGGER audit_append_only"
_CLOSE = "ALTER TABLE tenants_auditevent ENABLE TRIGGER audit_append_only"

# A head moves on by one event at a time, and never away.
HEAD_MOVES_ON = """
REVOKE DELETE, TRUNCATE ON tenants_audithead FROM mc_app;
CREATE OR REPLACE FUNCTION audit_head_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence <> OLD.sequence + 1 OR NEW.tenant_id <> OLD.tenant_id THEN
    RAISE EXCEPTION 'the head of an audit log moves on by one event at a time';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON tenants_audithead
  FOR EACH ROW EXECUTE FUNCTION audit_head_moves_on();
"""


def chain_what_is_there(apps, schema_editor):
    schema_editor.execute(_OPEN)
    for tenant_id in apps.get_model("tenants", "Tenant").objects.values_list("id", flat=True):
        # The owner of the tables is behind the walls as well.
        with tenant_tx(tenant_id):
            _chain(apps, tenant_id)
    schema_editor.execute(_CLOSE)


def _chain(apps, tenant_id):
    event = apps.get_model("tenants", "AuditEvent")
    head = apps.get_model("tenants", "AuditHead")
    sequence, digest = 0, START
    for batch in _batches(event.unscoped.filter(tenant_id=tenant_id).order_by("id")):
        for row in batch:
            sequence += 1
            row.sequence = sequence
            link = Link(*(getattr(row, name) for name in Link._fields))
            row.digest = digest = digest_of(digest, tenant_id, link)
        event.unscoped.bulk_update(batch, ["sequence", "digest"])
    head.unscoped.create(tenant_id=tenant_id, sequence=sequence, digest=digest)


def _batches(rows, size=1_000):
    after = None
    while batch := list((rows.filter(id__gt=after) if after else rows)[:size]):
        yield batch
        after = batch[-1].id


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_retention")]
    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="sequence",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="digest",
            field=models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=["tenant"], name="tenants_audit_one_head")
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        TenantWall(["AuditHead"]),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="auditevent",
            name="sequence",
            field=models.PositiveBigIntegerField(),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.UniqueConstraint(
                fields=["tenant", "sequence"], name="tenants_audit_gapless"
            ),
        ),
        migrations.RunSQL(HEAD_MOVES_ON, migrations.RunSQL.noop),
    ]
