from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("evolution", "0050_annotation")]
    operations = [TenantWall(["AnnotationPolicy", "AnnotationItem", "AnnotationLease"])]
