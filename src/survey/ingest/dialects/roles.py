"""What each platform says of a respondent beside the answers: one table, headers to columns of `meta`.

`NOT_KEPT` marks what the platform gives and nobody needs here: it is counted, not kept.
"""

from survey.wording import normalise

NOT_KEPT = "not_kept"

# Kept only on purpose.
PERSONAL = ("ip", "email", "name", "location")

_WJX = {
    "序号": "key", "提交答卷时间": "submitted", "开始答卷时间": "started", "开始时间": "started", "所用时间": "duration",
    "来源": "channel", "来源详情": NOT_KEPT, "来自IP": "ip", "IP": "ip", "总分": NOT_KEPT,
    "用户ID": NOT_KEPT, "答卷状态": "status",
}  # fmt: skip

ROLES: dict[str, dict[str, str]] = {
    "wjx_text": _WJX,
    "wjx_number": _WJX,
    "tencent": {
        "编号": "key", "开始答题时间": "started", "结束答题时间": "submitted", "答题时长": "duration",
        "地理位置国家和地区": "location", "地理位置省": NOT_KEPT, "地理位置市": NOT_KEPT, "自定义字段": NOT_KEPT,
        "用户IP": "ip", "IP": "ip", "语言": "language", "昵称": "name", "用户昵称": "name", "清洗数据结果": NOT_KEPT,
        "智能清洗数据无效概率": NOT_KEPT,
    },
    "msforms": {
        "ID": "key", "Start time": "started", "Completion time": "submitted", "Email": "email", "Name": "name",
        "Last modified time": NOT_KEPT, "Language": "language", "Total points": NOT_KEPT, "Quiz feedback": NOT_KEPT,
        "Grade posted time": NOT_KEPT,
        "开始时间": "started", "完成时间": "submitted", "电子邮件": "email", "姓名": "name", "名称": "name",
        "上次修改时间": NOT_KEPT, "总分": NOT_KEPT, "测验反馈": NOT_KEPT, "语言": "language",
    },
    "googleforms": {
        "Timestamp": "submitted", "时间戳记": "submitted", "时间戳": "submitted", "Email Address": "email",
        "Email": "email", "Username": "email", "电子邮件地址": "email", "Score": NOT_KEPT, "分数": NOT_KEPT,
    },
    "qualtrics": {
        "StartDate": "started", "EndDate": "submitted", "RecordedDate": NOT_KEPT, "Status": "status",
        "IPAddress": "ip", "Progress": "progress", "Duration (in seconds)": "duration", "Finished": "finished",
        "ResponseId": "key", "RecipientLastName": "name", "RecipientFirstName": NOT_KEPT,
        "RecipientEmail": "email", "ExternalReference": NOT_KEPT, "ExternalDataReference": NOT_KEPT,
        "LocationLatitude": "location", "LocationLongitude": NOT_KEPT, "DistributionChannel": "channel",
        "UserLanguage": "language",
        "Start Date": "started", "End Date": "submitted", "Response Type": "status", "IP Address": "ip",
        "Recorded Date": NOT_KEPT, "Response ID": "key", "Recipient Last Name": "name",
        "Recipient First Name": NOT_KEPT, "Recipient Email": "email", "External Data Reference": NOT_KEPT,
        "Location Latitude": "location", "Location Longitude": NOT_KEPT, "Distribution Channel": "channel",
        "User Language": "language",
    },
    "surveymonkey": {
        "Respondent ID": "key", "RespondentID": "key", "Collector ID": "channel", "CollectorID": "channel",
        "Start Date": "started", "StartDate": "started", "End Date": "submitted", "EndDate": "submitted",
        "Date Created": "started", "Date Modified": "submitted", "IP Address": "ip", "Email Address": "email",
        "First Name": NOT_KEPT, "FirstName": NOT_KEPT, "Last Name": "name", "LastName": "name",
        "Custom Data": NOT_KEPT, "Custom Data 1": NOT_KEPT, "CustomData": NOT_KEPT, "Response Status": "finished",
    },
    "kobo": {
        "_uuid": "key", "_id": "key", "start": "started", "end": NOT_KEPT, "today": NOT_KEPT,
        "_submission_time": "submitted", "deviceid": "device", "username": "name", "_submitted_by": "name",
        "_validation_status": NOT_KEPT, "_notes": NOT_KEPT, "_status": NOT_KEPT, "__version__": NOT_KEPT,
        "_version_": NOT_KEPT, "_tags": NOT_KEPT, "_index": NOT_KEPT, "_geolocation": "location",
        "meta/instanceID": NOT_KEPT, "formhub/uuid": NOT_KEPT, "_xform_id_string": NOT_KEPT,
        "_parent_index": NOT_KEPT, "_parent_table_name": NOT_KEPT,
    },
    "limesurvey": {
        "id": "key", "Response ID": "key", "submitdate": "submitted", "Date submitted": "submitted",
        "lastpage": NOT_KEPT, "Last page": NOT_KEPT, "startlanguage": "language", "Start language": "language",
        "seed": NOT_KEPT, "Seed": NOT_KEPT, "token": NOT_KEPT, "Access code": NOT_KEPT, "startdate": "started",
        "Date started": "started", "datestamp": NOT_KEPT, "Date last action": NOT_KEPT, "ipaddr": "ip",
        "IP address": "ip", "refurl": NOT_KEPT, "Referrer URL": NOT_KEPT, "interviewtime": "duration",
        "Total time": "duration", "firstname": NOT_KEPT, "lastname": "name", "email": "email",
        "First name": NOT_KEPT, "Last name": "name", "Email address": "email",
    },
    "redcap": {
        "record_id": "key", "Record ID": "key", "redcap_event_name": NOT_KEPT, "Event Name": NOT_KEPT,
        "redcap_repeat_instrument": NOT_KEPT, "redcap_repeat_instance": NOT_KEPT, "Repeat Instrument": NOT_KEPT,
        "Repeat Instance": NOT_KEPT, "redcap_survey_identifier": NOT_KEPT, "Survey Identifier": NOT_KEPT,
        "redcap_data_access_group": NOT_KEPT, "Data Access Group": NOT_KEPT, "Survey Timestamp": "submitted",
        "Complete?": "finished",
    },
}  # fmt: skip

_BY_FORM = {
    name: {normalise(header): role for header, role in roles.items()} for name, roles in ROLES.items()
}


def role_of(dialect: str, header: str) -> str:
    """Give the role of a header in exports of a platform, "" where it is none of the platform's own."""
    return _BY_FORM[dialect].get(normalise(header), "")
