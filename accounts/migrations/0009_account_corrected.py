"""The access log knows corrections of accounts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_seals_kept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("sign_in", "登录"),
                    ("sign_in_failed", "登录失败"),
                    ("locked", "账号被锁定"),
                    ("sign_out", "退出"),
                    ("refused", "被拒绝"),
                    ("revealed", "查看了完整号码"),
                    ("exported", "导出"),
                    ("imported", "导入表格"),
                    ("import_undone", "撤销导入"),
                    ("post_switched", "切换职务"),
                    ("password_changed", "修改密码"),
                    ("password_reset", "重置密码"),
                    ("unlocked", "解除锁定"),
                    ("account_opened", "开设账号"),
                    ("account_corrected", "改姓名、手机号"),
                    ("account_closed", "停用账号"),
                    ("post_granted", "任命职务"),
                    ("post_ended", "免去职务"),
                    ("second_factor", "设置二次验证"),
                    ("device_ended", "退出其他设备"),
                    ("policy_set", "设定走访规则"),
                    ("urged", "发催办"),
                    ("token_made", "开设接口令牌"),
                    ("token_ended", "停用接口令牌"),
                    ("system", "系统操作"),
                ],
                max_length=20,
                verbose_name="动作",
            ),
        ),
    ]
