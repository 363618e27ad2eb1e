BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	by_member_id INTEGER, 
	action VARCHAR(32) NOT NULL, 
	subject TEXT NOT NULL, 
	organization_id INTEGER, 
	"before" JSON, 
	"after" JSON, 
	CONSTRAINT pk_audit PRIMARY KEY (id), 
	CONSTRAINT fk_audit_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_audit_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
INSERT INTO "audit" VALUES(1,'2026-12-01 05:14:21.198766',NULL,'role','member:1',NULL,NULL,'{"posts": ["\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4\u9886\u5bfc"]}');
INSERT INTO "audit" VALUES(2,'2026-12-01 05:14:21.198766',NULL,'role','member:2',NULL,NULL,'{"posts": ["\u7406\u79d1\u652f\u90e8\u4e66\u8bb0"]}');
INSERT INTO "audit" VALUES(3,'2026-12-01 05:14:21.198766',NULL,'role','member:3',NULL,NULL,'{"posts": ["\u7406\u79d1\u652f\u90e8\u515a\u5458"]}');
INSERT INTO "audit" VALUES(4,'2026-12-01 05:14:21.198766',NULL,'role','member:4',NULL,NULL,'{"posts": ["\u7406\u79d1\u652f\u90e8\u515a\u5458"]}');
INSERT INTO "audit" VALUES(5,'2026-12-01 05:14:21.198766',NULL,'role','member:5',NULL,NULL,'{"posts": ["\u6587\u79d1\u652f\u90e8\u4e66\u8bb0"]}');
INSERT INTO "audit" VALUES(6,'2026-12-01 05:14:21.198766',NULL,'role','member:6',NULL,NULL,'{"posts": ["\u6587\u79d1\u652f\u90e8\u515a\u5458"]}');
INSERT INTO "audit" VALUES(7,'2026-12-01 05:14:21.198766',NULL,'role','member:7',NULL,NULL,'{"posts": ["\u4e13\u4e1a\u4e00\u652f\u90e8\u4e66\u8bb0"]}');
INSERT INTO "audit" VALUES(8,'2026-12-01 05:14:21.198766',NULL,'role','member:8',NULL,NULL,'{"posts": ["\u4e13\u4e1a\u4e00\u652f\u90e8\u515a\u5458"]}');
INSERT INTO "audit" VALUES(9,'2026-12-01 05:14:21.198766',NULL,'role','member:9',NULL,NULL,'{"posts": ["\u4e13\u4e1a\u4e8c\u652f\u90e8\u4e66\u8bb0"]}');
INSERT INTO "audit" VALUES(10,'2026-12-01 05:14:21.198766',NULL,'role','member:10',NULL,NULL,'{"posts": ["\u4e13\u4e1a\u4e8c\u652f\u90e8\u515a\u5458"]}');
INSERT INTO "audit" VALUES(11,'2026-12-01 05:14:21.198766',NULL,'role','member:11',NULL,NULL,'{"posts": ["\u4e13\u4e1a\u4e09\u652f\u90e8\u4e66\u8bb0"]}');
INSERT INTO "audit" VALUES(12,'2026-12-01 05:14:21.198766',NULL,'role','member:12',NULL,NULL,'{"posts": ["\u4e13\u4e1a\u4e09\u652f\u90e8\u515a\u5458"]}');
INSERT INTO "audit" VALUES(13,'2026-12-01 05:14:21.198766',NULL,'role','member:13',NULL,NULL,'{"posts": ["\u884c\u653f\u652f\u90e8\u4e66\u8bb0"]}');
INSERT INTO "audit" VALUES(14,'2026-12-01 05:14:21.198766',NULL,'role','member:14',NULL,NULL,'{"posts": ["\u884c\u653f\u652f\u90e8\u515a\u5458", "\u884c\u653f\u652f\u90e8\u7ba1\u7406\u5458"]}');
INSERT INTO "audit" VALUES(15,'2026-12-01 05:14:21.198766',NULL,'organization','organization:许昌科技学校党委',NULL,NULL,'{"name": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "kind": "committee", "parent": null, "aliases": ["\u5b66\u6821\u515a\u59d4", "\u6821\u515a\u59d4"], "oversights": [], "has_committee": true, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(16,'2026-12-01 05:14:21.198766',NULL,'organization','organization:理科支部',NULL,NULL,'{"name": "\u7406\u79d1\u652f\u90e8", "kind": "branch", "parent": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "aliases": ["\u7406\u79d1", "\u7406\u79d1\u515a\u652f\u90e8"], "oversights": ["\u7b2c\u4e00\u7763\u5bfc\u7ec4"], "has_committee": true, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(17,'2026-12-01 05:14:21.198766',NULL,'organization','organization:文科支部',NULL,NULL,'{"name": "\u6587\u79d1\u652f\u90e8", "kind": "branch", "parent": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "aliases": ["\u6587\u79d1", "\u6587\u79d1\u515a\u652f\u90e8"], "oversights": ["\u7b2c\u4e00\u7763\u5bfc\u7ec4"], "has_committee": true, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(18,'2026-12-01 05:14:21.198766',NULL,'organization','organization:专业一支部',NULL,NULL,'{"name": "\u4e13\u4e1a\u4e00\u652f\u90e8", "kind": "branch", "parent": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "aliases": ["\u4e13\u4e00", "\u4e13\u4e1a\u4e00"], "oversights": ["\u7b2c\u4e8c\u7763\u5bfc\u7ec4"], "has_committee": true, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(19,'2026-12-01 05:14:21.198766',NULL,'organization','organization:专业二支部',NULL,NULL,'{"name": "\u4e13\u4e1a\u4e8c\u652f\u90e8", "kind": "branch", "parent": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "aliases": ["\u4e13\u4e8c", "\u4e13\u4e1a\u4e8c"], "oversights": ["\u7b2c\u4e8c\u7763\u5bfc\u7ec4"], "has_committee": true, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(20,'2026-12-01 05:14:21.198766',NULL,'organization','organization:专业三支部',NULL,NULL,'{"name": "\u4e13\u4e1a\u4e09\u652f\u90e8", "kind": "branch", "parent": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "aliases": ["\u4e13\u4e09", "\u4e13\u4e1a\u4e09"], "oversights": ["\u7b2c\u4e8c\u7763\u5bfc\u7ec4"], "has_committee": true, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(21,'2026-12-01 05:14:21.198766',NULL,'organization','organization:行政支部',NULL,NULL,'{"name": "\u884c\u653f\u652f\u90e8", "kind": "branch", "parent": "\u8bb8\u660c\u79d1\u6280\u5b66\u6821\u515a\u59d4", "aliases": ["\u884c\u653f", "\u673a\u5173\u652f\u90e8"], "oversights": ["\u7b2c\u4e00\u7763\u5bfc\u7ec4"], "has_committee": false, "starts_on": "2026-09-01"}');
INSERT INTO "audit" VALUES(22,'2026-12-01 05:14:21.198766',NULL,'import','register',NULL,NULL,'{"organizations": 7, "people": 14}');
INSERT INTO "audit" VALUES(23,'2026-09-01 00:00:01.403468',NULL,'settings','settings',NULL,NULL,'{"telegram.base_url": "http://127.0.0.1:37715"}');
INSERT INTO "audit" VALUES(24,'2026-09-01 00:00:02.140152',3,'join','member:3',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(25,'2026-09-01 00:00:02.149676',2,'join','member:2',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(26,'2026-09-01 00:00:02.155265',1,'join','member:1',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(27,'2026-09-06 01:00:00.376088',2,'record','report:1',2,NULL,'{"requirement": "\u4e3b\u9898\u515a\u65e5", "organization_id": 2, "period": "2026-09", "held_on": "2026-09-05", "present": 23, "expected": 25, "absent": 2, "topic": "\u6761\u4f8b"}');
INSERT INTO "audit" VALUES(28,'2026-09-06 01:00:00.462487',2,'record','report:2',2,NULL,'{"requirement": "\u652f\u90e8\u59d4\u5458\u4f1a", "organization_id": 2, "period": "2026-09", "held_on": "2026-09-04", "present": 5, "expected": 5, "absent": 0, "topic": "\u53d1\u5c55\u515a\u5458"}');
INSERT INTO "audit" VALUES(29,'2026-09-06 01:00:00.527596',2,'record','report:3',2,NULL,'{"requirement": "\u515a\u8bfe", "organization_id": 2, "period": "2026-Q3", "held_on": "2026-09-02", "present": 22}');
INSERT INTO "audit" VALUES(30,'2026-09-06 01:00:00.671812',2,'move','occurrence:主题党日/2/2026-09',2,NULL,'{"moved_to": "2026-09-28", "reason": "\u6539\u671f"}');
CREATE TABLE broadcasts (
	id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	message_key TEXT NOT NULL, 
	by_member_id INTEGER NOT NULL, 
	organizations JSON NOT NULL, 
	everybody BOOLEAN NOT NULL, 
	total INTEGER NOT NULL, 
	steps INTEGER NOT NULL, 
	shown TEXT NOT NULL, 
	stopped BOOLEAN NOT NULL, 
	text TEXT, 
	due_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	filled_to BIGINT, 
	begun_at TEXT NOT NULL, 
	ended_at TEXT, 
	CONSTRAINT pk_broadcasts PRIMARY KEY (id), 
	CONSTRAINT fk_broadcasts_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_broadcasts_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id)
);
CREATE TABLE budgets (
	name TEXT NOT NULL, 
	slot_at DOUBLE NOT NULL, 
	blocked_until DOUBLE NOT NULL, 
	recent JSON, 
	refused_at DOUBLE NOT NULL, 
	refused_chat BIGINT, 
	CONSTRAINT pk_budgets PRIMARY KEY (name)
);
CREATE TABLE chats (
	id INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	address TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	member_id INTEGER, 
	organization_id INTEGER, 
	joined_at TEXT, 
	suspended_at TEXT, 
	suspended_why TEXT, 
	CONSTRAINT pk_chats PRIMARY KEY (id), 
	CONSTRAINT fk_chats_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT fk_chats_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_chats_channel_address UNIQUE (channel, address)
);
INSERT INTO "chats" VALUES(1,'telegram','-2001','group',NULL,2,NULL,NULL,NULL);
INSERT INTO "chats" VALUES(2,'telegram','1001','private',3,NULL,'2026-09-01 00:00:02.140152',NULL,NULL);
INSERT INTO "chats" VALUES(3,'telegram','1002','private',2,NULL,'2026-09-01 00:00:02.149676',NULL,NULL);
INSERT INTO "chats" VALUES(4,'telegram','1003','private',1,NULL,'2026-09-01 00:00:02.155265',NULL,NULL);
CREATE TABLE closings (
	id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	figures JSON NOT NULL, 
	by_member_id INTEGER NOT NULL, 
	closed_at TEXT NOT NULL, 
	CONSTRAINT pk_closings PRIMARY KEY (id), 
	CONSTRAINT fk_closings_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_closings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
CREATE TABLE completions (
	id INTEGER NOT NULL, 
	report_id INTEGER, 
	entry INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	requirement TEXT NOT NULL, 
	organization_id INTEGER NOT NULL, 
	period TEXT NOT NULL, 
	part TEXT, 
	held_on DATE NOT NULL, 
	held_until DATE, 
	present INTEGER, 
	expected INTEGER, 
	absent INTEGER, 
	observers INTEGER, 
	online INTEGER, 
	quantity DOUBLE, 
	topic TEXT, 
	place TEXT, 
	host TEXT, 
	reporter_id INTEGER, 
	known_at TEXT NOT NULL, 
	superseded_at TEXT, 
	CONSTRAINT pk_completions PRIMARY KEY (id), 
	CONSTRAINT fk_completions_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_completions_report_id FOREIGN KEY(report_id) REFERENCES reports (id), 
	CONSTRAINT fk_completions_reporter_id FOREIGN KEY(reporter_id) REFERENCES members (id)
);
INSERT INTO "completions" VALUES(1,1,0,1,'主题党日',2,'2026-09',NULL,'2026-09-05',NULL,23,25,2,NULL,NULL,NULL,'条例',NULL,NULL,2,'2026-09-06 01:00:00.376088',NULL);
INSERT INTO "completions" VALUES(2,2,0,1,'支部委员会',2,'2026-09',NULL,'2026-09-04',NULL,5,5,0,NULL,NULL,NULL,'发展党员',NULL,NULL,2,'2026-09-06 01:00:00.462487',NULL);
INSERT INTO "completions" VALUES(3,3,0,1,'党课',2,'2026-Q3',NULL,'2026-09-02',NULL,22,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,'2026-09-06 01:00:00.527596',NULL);
CREATE TABLE day_overrides (
	id INTEGER NOT NULL, 
	organization_id INTEGER, 
	day DATE NOT NULL, 
	works BOOLEAN NOT NULL, 
	reason TEXT, 
	by_member_id INTEGER, 
	made_at TEXT NOT NULL, 
	withdrawn_at TEXT, 
	CONSTRAINT pk_day_overrides PRIMARY KEY (id), 
	CONSTRAINT fk_day_overrides_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_day_overrides_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	chat_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	text TEXT NOT NULL, 
	buttons JSON, 
	reply_to TEXT, 
	edits TEXT, 
	file_id INTEGER, 
	about JSON, 
	due_at TEXT NOT NULL, 
	expires_at TEXT, 
	policy VARCHAR(8) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	lease_by TEXT, 
	lease_until DOUBLE, 
	next_at DOUBLE NOT NULL, 
	attempts INTEGER NOT NULL, 
	alone BOOLEAN NOT NULL, 
	doubts INTEGER NOT NULL, 
	message_key TEXT, 
	sent_at TEXT, 
	error TEXT, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT fk_deliveries_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id), 
	CONSTRAINT fk_deliveries_file_id FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT uq_deliveries_key UNIQUE ("key")
);
INSERT INTO "deliveries" VALUES(1,'answer/1001/700000001/1/0',2,'answer','示例·小安，您好！您已加入理科支部。发“帮助”看能做什么，发“退出”不再接收消息。
—— 许昌科技学校党委 · 有问题请问理科支部书记',NULL,NULL,NULL,NULL,NULL,'2026-09-01 00:00:02.140152',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'2','2026-09-01 00:00:02.173659',NULL);
INSERT INTO "deliveries" VALUES(2,'answer/1002/700000002/1/0',3,'answer','示例·小林，您好！您已加入理科支部。发“帮助”看能做什么，发“退出”不再接收消息。
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,NULL,'2026-09-01 00:00:02.149676',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'2','2026-09-01 00:00:02.175092',NULL);
INSERT INTO "deliveries" VALUES(3,'answer/1003/700000003/1/0',4,'answer','示例·老周，您好！您已加入许昌科技学校党委。发“帮助”看能做什么，发“退出”不再接收消息。
—— 许昌科技学校党委 · 有问题请问管理员',NULL,NULL,NULL,NULL,NULL,'2026-09-01 00:00:02.155265',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'2','2026-09-01 00:00:02.175092',NULL);
INSERT INTO "deliveries" VALUES(4,'reminder/requirement/主题党日/2/2026-09/0/2',3,'reminder','<b>近期应办</b>
理科支部：主题党日 9月5日（周六）
办完后直接回复这条消息就行，例如：开了，23人，请假2人
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,'{"occurrences": [["\u4e3b\u9898\u515a\u65e5", 2, "2026-09"]], "observances": 0}','2026-09-02 01:00:00.000000','2026-09-03 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'3','2026-09-02 01:00:00.209879',NULL);
INSERT INTO "deliveries" VALUES(5,'answer/1002/700000004/4/0',3,'answer','已记录 理科支部 · 主题党日 · 9月5日（周六）
应到 25 实到 23 缺席 2
主题：条例
—— 许昌科技学校党委 · 有问题请联系我们','[[["\u6539\u4e00\u4e0b", "fix:1"], ["\u64a4\u56de", "undo:1"]]]',NULL,NULL,NULL,'{"report": 1}','2026-09-06 01:00:00.376088',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'5','2026-09-06 01:00:00.414226',NULL);
INSERT INTO "deliveries" VALUES(6,'answer/1002/700000005/6/0',3,'answer','已记录 理科支部 · 支部委员会 · 9月4日（周五）
应到 5 实到 5 缺席 0
主题：发展党员
—— 许昌科技学校党委 · 有问题请联系我们','[[["\u6539\u4e00\u4e0b", "fix:2"], ["\u64a4\u56de", "undo:2"]]]',NULL,NULL,NULL,'{"report": 2}','2026-09-06 01:00:00.462487',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'7','2026-09-06 01:00:00.502723',NULL);
INSERT INTO "deliveries" VALUES(7,'answer/1002/700000006/8/0',3,'answer','已记录 理科支部 · 党课 · 9月2日（周三）
实到 22
—— 许昌科技学校党委 · 有问题请联系我们','[[["\u6539\u4e00\u4e0b", "fix:3"], ["\u64a4\u56de", "undo:3"]]]',NULL,NULL,NULL,'{"report": 3}','2026-09-06 01:00:00.527596',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'9','2026-09-06 01:00:00.550851',NULL);
INSERT INTO "deliveries" VALUES(8,'answer/1002/700000007/10/0',3,'answer','这句没读懂。登记活动可以这样写：昨天支部党员大会，应到25实到23
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,NULL,'2026-09-06 01:00:00.563381',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'11','2026-09-06 01:00:00.579633',NULL);
INSERT INTO "deliveries" VALUES(9,'answer/1002/700000008/12/0',3,'answer','理科支部：这是哪项活动？
—— 许昌科技学校党委 · 有问题请联系我们','[[["\u652f\u90e8\u515a\u5458\u5927\u4f1a", "answer:4:1:0"], ["\u652f\u90e8\u59d4\u5458\u4f1a", "answer:4:1:1"]], [["\u515a\u5c0f\u7ec4\u4f1a", "answer:4:1:2"], ["\u515a\u8bfe", "answer:4:1:3"]], [["\u4e3b\u9898\u515a\u65e5", "answer:4:1:4"], ["\u7ec4\u7ec7\u751f\u6d3b\u4f1a", "answer:4:1:5"]], [["\u6c11\u4e3b\u8bc4\u8bae\u515a\u5458", "answer:4:1:6"], ["\u8c08\u5fc3\u8c08\u8bdd", "answer:4:1:7"]], [["\u4e0d\u8bb0\u4e86", "answer:4:1:x"]]]',NULL,NULL,NULL,'{"report": 4}','2026-09-06 01:00:00.612795',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'13','2026-09-06 01:00:00.636352',NULL);
INSERT INTO "deliveries" VALUES(10,'answer/1002/700000009/14/0',3,'answer','已改期 理科支部 · 主题党日 · 9月28日（周一），到时提前提醒您。
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,'{"occurrences": [["\u4e3b\u9898\u515a\u65e5", 2, "2026-09"]]}','2026-09-06 01:00:00.671812',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'15','2026-09-06 01:00:00.710242',NULL);
INSERT INTO "deliveries" VALUES(11,'answer/1003/700000010/3/0',4,'answer','<b>9月情况 · 许昌科技学校党委</b>（截至9月6日）
【逾期】
<i>第一督导组</i>
文科支部：主题党日（9月5日）
行政支部：主题党日（9月5日）
<i>第二督导组</i>
专业一支部：主题党日（9月5日）
专业二支部：主题党日（9月5日）
专业三支部：主题党日（9月5日）
【待办】
9月30日（周三） 支部党员大会：理科支部、文科支部、专业一支部、专业二支部、专业三支部、行政支部
9月30日（周三） 交纳党费：理科支部、文科支部、专业一支部、专业二支部、专业三支部、行政支部
9月30日（周三） 支部委员会：文科支部、专业一支部、专业二支部、专业三支部
9月30日（周三） 党课：文科支部、专业一支部、专业二支部、专业三支部、行政支部
应办 29：已办 3 · 迟办 0 · 免办 0 · 逾期 5 · 待办 21
—— 许昌科技学校党委 · 有问题请问管理员','[[["\u7406\u79d1\u652f\u90e8", "status:1:branch:2:0"], ["\u6587\u79d1\u652f\u90e8", "status:1:branch:3:0"], ["\u4e13\u4e1a\u4e00\u652f\u90e8", "status:1:branch:4:0"]], [["\u4e13\u4e1a\u4e8c\u652f\u90e8", "status:1:branch:5:0"], ["\u4e13\u4e1a\u4e09\u652f\u90e8", "status:1:branch:6:0"], ["\u884c\u653f\u652f\u90e8", "status:1:branch:7:0"]], [["\u6309\u4e8b\u9879", "status:1:what:0:0"], ["\u6309\u652f\u90e8", "status:1:who:0:0"]], [["\u56fe", "status:1:picture:0:0"], ["\u8868\u683c", "status:1:workbook:0:0"]], [["\u50ac\u529e", "urge-of:1:0"]]]',NULL,NULL,NULL,'{"inquiry": 1}','2026-09-06 01:00:00.764722',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'4','2026-09-06 01:00:00.902025',NULL);
INSERT INTO "deliveries" VALUES(12,'answer/1003/700000011/5/0',4,'answer','<b>封账 2026年9月</b>
许昌科技学校党委
应办 29：已办 3 · 迟办 0 · 免办 0 · 逾期 5 · 未见记录 0 · 待办 21
这个月还没过完，现在封账只留到今天的数字。
封账后数字留底；以后补报照常登记，查看这个月时单独列出。
—— 许昌科技学校党委 · 有问题请问管理员','[[["\u5c01\u8d26", "close:1:yes"], ["\u4e0d\u5c01", "close:1:no"]]]',NULL,NULL,NULL,NULL,'2026-09-06 01:00:00.968117',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'6','2026-09-06 01:00:00.996773',NULL);
INSERT INTO "deliveries" VALUES(13,'answer/1001/700000012/3/0',2,'answer','好的，已替您请假并转告书记：理科支部 · 主题党日 · 9月25日（周五）
—— 许昌科技学校党委 · 有问题请问理科支部书记',NULL,NULL,NULL,NULL,NULL,'2026-09-06 01:00:01.031348',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'4','2026-09-06 01:00:01.153387',NULL);
INSERT INTO "deliveries" VALUES(14,'answer/1001/700000012/3/1',3,'answer','示例·小安请假：理科支部 · 主题党日 · 9月25日（周五）
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,NULL,'2026-09-06 01:00:01.031348',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'16','2026-09-06 01:00:01.153387',NULL);
INSERT INTO "deliveries" VALUES(15,'reminder/question/4/2',3,'reminder','昨天有一条还没记上，待您确认：
理科支部：这是哪项活动？
—— 许昌科技学校党委 · 有问题请联系我们','[[["\u652f\u90e8\u515a\u5458\u5927\u4f1a", "answer:4:1:0"], ["\u652f\u90e8\u59d4\u5458\u4f1a", "answer:4:1:1"]], [["\u515a\u5c0f\u7ec4\u4f1a", "answer:4:1:2"], ["\u515a\u8bfe", "answer:4:1:3"]], [["\u4e3b\u9898\u515a\u65e5", "answer:4:1:4"], ["\u7ec4\u7ec7\u751f\u6d3b\u4f1a", "answer:4:1:5"]], [["\u6c11\u4e3b\u8bc4\u8bae\u515a\u5458", "answer:4:1:6"], ["\u8c08\u5fc3\u8c08\u8bdd", "answer:4:1:7"]], [["\u4e0d\u8bb0\u4e86", "answer:4:1:x"]]]',NULL,NULL,NULL,'{"report": 4}','2026-09-07 00:30:00.000000','2026-09-08 00:30:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'17','2026-09-07 00:30:00.120915',NULL);
INSERT INTO "deliveries" VALUES(16,'reminder/digest/2026-W37/1',4,'reminder','<b>本周关注</b>：逾期 5 项
文科支部：主题党日（9月5日）
专业一支部：主题党日（9月5日）
专业二支部：主题党日（9月5日）
专业三支部：主题党日（9月5日）
行政支部：主题党日（9月5日）
看全部发：逾期
—— 许昌科技学校党委 · 有问题请问管理员','[[["\u50ac\u529e", "urge-of:0:0"]]]',NULL,NULL,NULL,'{"occurrences": [["\u4e3b\u9898\u515a\u65e5", 3, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 4, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 5, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 6, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 7, "2026-09"]], "observances": 0}','2026-09-07 01:00:00.000000','2026-09-08 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'7','2026-09-07 01:00:00.123661',NULL);
INSERT INTO "deliveries" VALUES(17,'reminder/observance/教师节/2026/1',4,'reminder','<b>廉洁提醒 · 从教守“正”</b>
最好的礼物是一张手写的贺卡。谢绝礼品、礼金和购物卡，也请把这句话告诉家长。老师，节日快乐。
教师节：9月10日（周四）
—— 许昌科技学校党委 · 有问题请问管理员',NULL,NULL,NULL,NULL,'{"occurrences": [], "observances": 1, "texts": [["\u6559\u5e08\u8282", "2026", "357b9041da1e504d"]]}','2026-09-09 01:00:00.000000','2026-09-10 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'8','2026-09-09 01:00:00.119988',NULL);
INSERT INTO "deliveries" VALUES(18,'reminder/observance/教师节/2026/2',3,'reminder','<b>廉洁提醒 · 从教守“正”</b>
最好的礼物是一张手写的贺卡。谢绝礼品、礼金和购物卡，也请把这句话告诉家长。老师，节日快乐。
教师节：9月10日（周四）
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,'{"occurrences": [], "observances": 1, "texts": [["\u6559\u5e08\u8282", "2026", "357b9041da1e504d"]]}','2026-09-09 01:00:00.000000','2026-09-10 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'18','2026-09-09 01:00:00.119988',NULL);
INSERT INTO "deliveries" VALUES(19,'reminder/observance/教师节/2026/3',2,'reminder','<b>廉洁提醒 · 从教守“正”</b>
最好的礼物是一张手写的贺卡。谢绝礼品、礼金和购物卡，也请把这句话告诉家长。老师，节日快乐。
教师节：9月10日（周四）
—— 许昌科技学校党委 · 有问题请问理科支部书记',NULL,NULL,NULL,NULL,'{"occurrences": [], "observances": 1, "texts": [["\u6559\u5e08\u8282", "2026", "357b9041da1e504d"]]}','2026-09-09 01:00:00.000000','2026-09-10 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'5','2026-09-09 01:00:00.119988',NULL);
INSERT INTO "deliveries" VALUES(20,'reminder/digest/2026-W38/1',4,'reminder','<b>本周关注</b>：逾期 5 项
文科支部：主题党日（9月5日）
专业一支部：主题党日（9月5日）
专业二支部：主题党日（9月5日）
专业三支部：主题党日（9月5日）
行政支部：主题党日（9月5日）
看全部发：逾期
—— 许昌科技学校党委 · 有问题请问管理员','[[["\u50ac\u529e", "urge-of:0:0"]]]',NULL,NULL,NULL,'{"occurrences": [["\u4e3b\u9898\u515a\u65e5", 3, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 4, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 5, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 6, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 7, "2026-09"]], "observances": 0}','2026-09-14 01:00:00.000000','2026-09-15 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'9','2026-09-14 01:00:00.136060',NULL);
INSERT INTO "deliveries" VALUES(21,'reminder/digest/2026-W39/1',4,'reminder','<b>本周关注</b>：逾期 5 项
【已提醒过书记和督导组，仍未办】
文科支部：主题党日（9月5日）
专业一支部：主题党日（9月5日）
专业二支部：主题党日（9月5日）
专业三支部：主题党日（9月5日）
行政支部：主题党日（9月5日）
看全部发：逾期
—— 许昌科技学校党委 · 有问题请问管理员','[[["\u50ac\u529e", "urge-of:0:0"]]]',NULL,NULL,NULL,'{"occurrences": [["\u4e3b\u9898\u515a\u65e5", 3, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 4, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 5, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 6, "2026-09"], ["\u4e3b\u9898\u515a\u65e5", 7, "2026-09"]], "observances": 0}','2026-09-21 01:00:00.000000','2026-09-22 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'10','2026-09-21 01:00:00.095699',NULL);
INSERT INTO "deliveries" VALUES(22,'reminder/observance/中秋节/2026/1',4,'reminder','<b>廉洁提醒 · 中秋思“正”</b>
月圆人团圆。月饼券、购物卡请当面谢绝；实在推不掉的，及时登记上交。祝中秋团圆。
中秋节：9月25日（周五）
—— 许昌科技学校党委 · 有问题请问管理员',NULL,NULL,NULL,NULL,'{"occurrences": [], "observances": 1, "texts": [["\u4e2d\u79cb\u8282", "2026", "15160c2a86747238"]]}','2026-09-24 01:00:00.000000','2026-09-25 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'11','2026-09-24 01:00:00.081125',NULL);
INSERT INTO "deliveries" VALUES(23,'reminder/observance/中秋节/2026/2',3,'reminder','<b>廉洁提醒 · 中秋思“正”</b>
月圆人团圆。月饼券、购物卡请当面谢绝；实在推不掉的，及时登记上交。祝中秋团圆。
中秋节：9月25日（周五）
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,'{"occurrences": [], "observances": 1, "texts": [["\u4e2d\u79cb\u8282", "2026", "15160c2a86747238"]]}','2026-09-24 01:00:00.000000','2026-09-25 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'19','2026-09-24 01:00:00.081125',NULL);
INSERT INTO "deliveries" VALUES(24,'reminder/observance/中秋节/2026/3',2,'reminder','<b>廉洁提醒 · 中秋思“正”</b>
月圆人团圆。月饼券、购物卡请当面谢绝；实在推不掉的，及时登记上交。祝中秋团圆。
中秋节：9月25日（周五）
—— 许昌科技学校党委 · 有问题请问理科支部书记',NULL,NULL,NULL,NULL,'{"occurrences": [], "observances": 1, "texts": [["\u4e2d\u79cb\u8282", "2026", "15160c2a86747238"]]}','2026-09-24 01:00:00.000000','2026-09-25 01:00:00.000000','usual','sent',NULL,NULL,0.0,0,0,0,'6','2026-09-24 01:00:00.081125',NULL);
INSERT INTO "deliveries" VALUES(25,'answer/1002/700000013/20/0',3,'answer','好的，这条不记了。
—— 许昌科技学校党委 · 有问题请联系我们',NULL,NULL,NULL,NULL,NULL,'2026-09-25 01:00:00.024882',NULL,'usual','sent',NULL,NULL,0.0,0,0,0,'21','2026-09-25 01:00:00.027883',NULL);
CREATE TABLE feeds (
	id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	token TEXT NOT NULL, 
	made_at TEXT NOT NULL, 
	revoked_at TEXT, 
	CONSTRAINT pk_feeds PRIMARY KEY (id), 
	CONSTRAINT fk_feeds_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_feeds_token UNIQUE (token)
);
CREATE TABLE files (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	content BLOB, 
	recipe JSON, 
	made_at TEXT NOT NULL, 
	CONSTRAINT pk_files PRIMARY KEY (id)
);
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	bot_id BIGINT NOT NULL, 
	update_id BIGINT NOT NULL, 
	digest VARCHAR(32) NOT NULL, 
	chat_key TEXT NOT NULL, 
	stranger BOOLEAN NOT NULL, 
	raw TEXT NOT NULL, 
	received_at TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	alone BOOLEAN NOT NULL, 
	crashes INTEGER NOT NULL, 
	lease_by TEXT, 
	lease_until DOUBLE, 
	error TEXT, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT uq_inbox_bot_id_update_id_digest UNIQUE (bot_id, update_id, digest)
);
INSERT INTO "inbox" VALUES(1,1,700000001,'3e2ae00f90bf8afaae554e60d9a21d42','1001',1,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u5b89","id":1001,"type":"private"},"date":1796102061,"entities":[{"length":6,"offset":0,"type":"bot_command"}],"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u5b89","id":1001,"is_bot":false,"language_code":"zh-hans"},"message_id":1,"text":"/start 3DFHN483HH"},"update_id":700000001}','2026-12-01 05:14:21.441250','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(2,1,700000002,'c7c09e63a30331ae9cc4a08aa65f96f5','1002',1,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102061,"entities":[{"length":6,"offset":0,"type":"bot_command"}],"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":1,"text":"/start WKD4RYN8QQ"},"update_id":700000002}','2026-12-01 05:14:21.441250','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(3,1,700000003,'f31a705a87199c1ef6dc0dd8d928de5b','1003',1,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u8001\u5468","id":1003,"type":"private"},"date":1796102061,"entities":[{"length":6,"offset":0,"type":"bot_command"}],"from":{"first_name":"\u793a\u4f8b\u00b7\u8001\u5468","id":1003,"is_bot":false,"language_code":"zh-hans"},"message_id":1,"text":"/start 4AWAGGZ2ZZ"},"update_id":700000003}','2026-12-01 05:14:21.441250','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(4,1,700000004,'a0d6ddb787f45b1b27d0a075b426e6e0','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102062,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":4,"text":"\u6628\u5929\u4e3b\u9898\u515a\u65e5\uff0c\u5e94\u523025\u5b9e\u523023\uff0c\u5b66\u4e60\u300a\u6761\u4f8b\u300b"},"update_id":700000004}','2026-12-01 05:14:22.692038','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(5,1,700000005,'e07594da093c23c9deb9534f7977c926','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":6,"text":"9\u67084\u65e5\u652f\u59d4\u4f1a\uff0c5\u4eba\u5168\u5230\uff0c\u7814\u7a76\u53d1\u5c55\u515a\u5458"},"update_id":700000005}','2026-12-01 05:14:23.052143','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(6,1,700000006,'2db483fd0c167cb68e39175d9d1c7997','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":8,"text":"9\u67082\u65e5\u515a\u8bfe\uff0c22\u4eba\uff0c\u8001\u8d75\u4e3b\u8bb2"},"update_id":700000006}','2026-12-01 05:14:23.131841','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(7,1,700000007,'462aae4e52233b1d48264fcd1ec7c39a','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":10,"text":"\u521a\u624d\u90a3\u6761\u5b9e\u5230\u662f24"},"update_id":700000007}','2026-12-01 05:14:23.173652','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(8,1,700000008,'f725a903f79170ff8a93a08d82108835','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":12,"text":"\u6628\u5929\u5b89\u5168\u6f14\u7ec3\u5f00\u4e86\uff0c20\u4eba"},"update_id":700000008}','2026-12-01 05:14:23.214709','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(9,1,700000009,'6ae1426a5cfdd04195272d6885e7c050','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":14,"text":"9\u670825\u65e5\u7684\u4e3b\u9898\u515a\u65e5\u63a8\u8fdf\u523028\u53f7"},"update_id":700000009}','2026-12-01 05:14:23.272244','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(10,1,700000010,'0fcb3e85d5c192269888592c8e0ecbdb','1003',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u8001\u5468","id":1003,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u8001\u5468","id":1003,"is_bot":false,"language_code":"zh-hans"},"message_id":3,"text":"9\u6708\u60c5\u51b5"},"update_id":700000010}','2026-12-01 05:14:23.347098','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(11,1,700000011,'a4d33811f86bbc69de1b66007938b3f0','1003',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u8001\u5468","id":1003,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u8001\u5468","id":1003,"is_bot":false,"language_code":"zh-hans"},"message_id":5,"text":"\u5c01\u8d269\u6708"},"update_id":700000011}','2026-12-01 05:14:23.530662','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(12,1,700000012,'b364ad9a1502e91014730de37585a987','1001',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u5b89","id":1001,"type":"private"},"date":1796102063,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u5b89","id":1001,"is_bot":false,"language_code":"zh-hans"},"message_id":3,"text":"25\u53f7\u4e3b\u9898\u515a\u65e5\u8bf7\u5047"},"update_id":700000012}','2026-12-01 05:14:23.625794','done',0,0,0,NULL,NULL,NULL);
INSERT INTO "inbox" VALUES(13,1,700000013,'fb6b3fac1310ede840df7dc318e5c56b','1002',0,'{"message":{"chat":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"type":"private"},"date":1796102064,"from":{"first_name":"\u793a\u4f8b\u00b7\u5c0f\u6797","id":1002,"is_bot":false,"language_code":"zh-hans"},"message_id":20,"text":"\u64a4\u56de"},"update_id":700000013}','2026-12-01 05:14:24.634098','done',0,0,0,NULL,NULL,NULL);
CREATE TABLE incidents (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	detail JSON NOT NULL, 
	told_at TEXT, 
	CONSTRAINT pk_incidents PRIMARY KEY (id)
);
CREATE TABLE inquiries (
	id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	question JSON NOT NULL, 
	asked_at TEXT NOT NULL, 
	CONSTRAINT pk_inquiries PRIMARY KEY (id), 
	CONSTRAINT fk_inquiries_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id), 
	CONSTRAINT fk_inquiries_member_id FOREIGN KEY(member_id) REFERENCES members (id)
);
INSERT INTO "inquiries" VALUES(1,4,1,'{"first": "2026-09-01", "last": "2026-09-30", "requirements": [], "organizations": [], "show": "all", "as_": "text", "stated_period": true, "as_of": null}','2026-09-06 01:00:00.764722');
CREATE TABLE invitations (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	expires_at TEXT, 
	used_at TEXT, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT fk_invitations_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT uq_invitations_code UNIQUE (code)
);
INSERT INTO "invitations" VALUES(1,'4AWAGGZ2ZZ',1,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233','2026-12-01 05:14:22.096645');
INSERT INTO "invitations" VALUES(2,'WKD4RYN8QQ',2,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233','2026-12-01 05:14:22.091055');
INSERT INTO "invitations" VALUES(3,'3DFHN483HH',3,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233','2026-12-01 05:14:22.081538');
INSERT INTO "invitations" VALUES(4,'F7Y85F53AK',4,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(5,'87YM6VZRXY',5,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(6,'8E3Q76QRHY',6,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(7,'HDQFYSNEYU',7,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(8,'YE9RNW9CY4',8,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(9,'573YJVNYJB',9,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(10,'2R93NDVQ4Z',10,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(11,'VER5ZC7FUU',11,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(12,'9QS2H2B5BJ',12,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(13,'TWN2BV8ZK9',13,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
INSERT INTO "invitations" VALUES(14,'V9E257TATK',14,'2026-12-01 05:14:21.277233','2026-12-31 05:14:21.277233',NULL);
CREATE TABLE key_events (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	day DATE NOT NULL, 
	organization_id INTEGER NOT NULL, 
	about TEXT, 
	by_member_id INTEGER, 
	made_at TEXT NOT NULL, 
	withdrawn_at TEXT, 
	CONSTRAINT pk_key_events PRIMARY KEY (id), 
	CONSTRAINT fk_key_events_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_key_events_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
CREATE TABLE leases (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	until DOUBLE NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE leave_requests (
	id INTEGER NOT NULL, 
	requirement TEXT NOT NULL, 
	organization_id INTEGER NOT NULL, 
	period TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	asked_at TEXT NOT NULL, 
	CONSTRAINT pk_leave_requests PRIMARY KEY (id), 
	CONSTRAINT fk_leave_requests_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT fk_leave_requests_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_leave_requests_requirement_organization_id_period_member_id UNIQUE (requirement, organization_id, period, member_id)
);
INSERT INTO "leave_requests" VALUES(1,'主题党日',2,'2026-09',3,'2026-09-06 01:00:01.031348');
CREATE TABLE marks (
	name TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_marks PRIMARY KEY (name)
);
INSERT INTO "marks" VALUES('planned','2026-12-01 05:14:21.405126');
INSERT INTO "marks" VALUES('heard:1','2026-12-01 05:14:21.507220');
CREATE TABLE members (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (id)
);
INSERT INTO "members" VALUES(1,'示例·老周',2);
INSERT INTO "members" VALUES(2,'示例·小林',3);
INSERT INTO "members" VALUES(3,'示例·小安',4);
INSERT INTO "members" VALUES(4,'示例·小田',5);
INSERT INTO "members" VALUES(5,'示例·阿青',6);
INSERT INTO "members" VALUES(6,'示例·小夏',7);
INSERT INTO "members" VALUES(7,'示例·大鹏',8);
INSERT INTO "members" VALUES(8,'示例·小雨',9);
INSERT INTO "members" VALUES(9,'示例·阿兰',10);
INSERT INTO "members" VALUES(10,'示例·小满',11);
INSERT INTO "members" VALUES(11,'示例·老石',12);
INSERT INTO "members" VALUES(12,'示例·小禾',13);
INSERT INTO "members" VALUES(13,'示例·阿静',14);
INSERT INTO "members" VALUES(14,'示例·小米',15);
CREATE TABLE memberships (
	id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	organization_id INTEGER, 
	oversight_id INTEGER, 
	valid_from DATE NOT NULL, 
	valid_until DATE, 
	CONSTRAINT pk_memberships PRIMARY KEY (id), 
	CONSTRAINT fk_memberships_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT fk_memberships_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_memberships_oversight_id FOREIGN KEY(oversight_id) REFERENCES oversights (id)
);
INSERT INTO "memberships" VALUES(1,1,'leader',1,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(2,2,'secretary',2,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(3,3,'member',2,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(4,4,'member',2,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(5,5,'secretary',3,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(6,6,'member',3,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(7,7,'secretary',4,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(8,8,'member',4,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(9,9,'secretary',5,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(10,10,'member',5,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(11,11,'secretary',6,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(12,12,'member',6,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(13,13,'secretary',7,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(14,14,'member',7,NULL,'2026-09-01',NULL);
INSERT INTO "memberships" VALUES(15,14,'admin',7,NULL,'2026-09-01',NULL);
CREATE TABLE occurrence_changes (
	id INTEGER NOT NULL, 
	requirement TEXT NOT NULL, 
	organization_id INTEGER NOT NULL, 
	period TEXT NOT NULL, 
	moved_to DATE, 
	waived BOOLEAN NOT NULL, 
	reason TEXT, 
	by_member_id INTEGER, 
	made_at TEXT NOT NULL, 
	CONSTRAINT pk_occurrence_changes PRIMARY KEY (id), 
	CONSTRAINT fk_occurrence_changes_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_occurrence_changes_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
INSERT INTO "occurrence_changes" VALUES(1,'主题党日',2,'2026-09','2026-09-28',0,'改期',2,'2026-09-06 01:00:00.671812');
CREATE TABLE organizations (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	parent_id INTEGER, 
	aliases JSON NOT NULL, 
	has_committee BOOLEAN NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	position INTEGER NOT NULL, 
	contact TEXT, 
	CONSTRAINT pk_organizations PRIMARY KEY (id), 
	CONSTRAINT fk_organizations_parent_id FOREIGN KEY(parent_id) REFERENCES organizations (id), 
	CONSTRAINT uq_organizations_name UNIQUE (name)
);
INSERT INTO "organizations" VALUES(1,'许昌科技学校党委','committee',NULL,'["\u5b66\u6821\u515a\u59d4", "\u6821\u515a\u59d4"]',1,'2026-09-01',NULL,2,NULL);
INSERT INTO "organizations" VALUES(2,'理科支部','branch',1,'["\u7406\u79d1", "\u7406\u79d1\u515a\u652f\u90e8"]',1,'2026-09-01',NULL,3,NULL);
INSERT INTO "organizations" VALUES(3,'文科支部','branch',1,'["\u6587\u79d1", "\u6587\u79d1\u515a\u652f\u90e8"]',1,'2026-09-01',NULL,4,NULL);
INSERT INTO "organizations" VALUES(4,'专业一支部','branch',1,'["\u4e13\u4e00", "\u4e13\u4e1a\u4e00"]',1,'2026-09-01',NULL,5,NULL);
INSERT INTO "organizations" VALUES(5,'专业二支部','branch',1,'["\u4e13\u4e8c", "\u4e13\u4e1a\u4e8c"]',1,'2026-09-01',NULL,6,NULL);
INSERT INTO "organizations" VALUES(6,'专业三支部','branch',1,'["\u4e13\u4e09", "\u4e13\u4e1a\u4e09"]',1,'2026-09-01',NULL,7,NULL);
INSERT INTO "organizations" VALUES(7,'行政支部','branch',1,'["\u884c\u653f", "\u673a\u5173\u652f\u90e8"]',0,'2026-09-01',NULL,8,NULL);
CREATE TABLE oversight_branches (
	oversight_id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	CONSTRAINT pk_oversight_branches PRIMARY KEY (oversight_id, organization_id), 
	CONSTRAINT fk_oversight_branches_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_oversight_branches_oversight_id FOREIGN KEY(oversight_id) REFERENCES oversights (id)
);
INSERT INTO "oversight_branches" VALUES(1,2);
INSERT INTO "oversight_branches" VALUES(1,3);
INSERT INTO "oversight_branches" VALUES(2,4);
INSERT INTO "oversight_branches" VALUES(2,5);
INSERT INTO "oversight_branches" VALUES(2,6);
INSERT INTO "oversight_branches" VALUES(1,7);
CREATE TABLE oversights (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_oversights PRIMARY KEY (id), 
	CONSTRAINT uq_oversights_name UNIQUE (name)
);
INSERT INTO "oversights" VALUES(1,'第一督导组',1);
INSERT INTO "oversights" VALUES(2,'第二督导组',2);
CREATE TABLE petitions (
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	member_id INTEGER, 
	chat_id INTEGER NOT NULL, 
	organization_id INTEGER, 
	detail JSON, 
	content BLOB, 
	asked_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	settled_at TEXT, 
	settled_by INTEGER, 
	CONSTRAINT pk_petitions PRIMARY KEY (id), 
	CONSTRAINT fk_petitions_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id), 
	CONSTRAINT fk_petitions_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT fk_petitions_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_petitions_settled_by FOREIGN KEY(settled_by) REFERENCES members (id)
);
INSERT INTO "petitions" VALUES(1,'close',1,4,NULL,'{"month": "2026-09", "tops": [1]}',NULL,'2026-12-01 05:14:23.559984','2026-12-02 05:14:23.559984',NULL,NULL);
CREATE TABLE receipts (
	delivery_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_receipts PRIMARY KEY (delivery_id), 
	CONSTRAINT fk_receipts_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
);
CREATE TABLE reminders (
	"key" TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	delivery_id INTEGER, 
	slot TEXT NOT NULL, 
	CONSTRAINT pk_reminders PRIMARY KEY ("key"), 
	CONSTRAINT fk_reminders_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id), 
	CONSTRAINT fk_reminders_member_id FOREIGN KEY(member_id) REFERENCES members (id)
);
INSERT INTO "reminders" VALUES('requirement/主题党日/2/2026-09/0/2',2,4,'2026-09-02 01:00:00.000000');
INSERT INTO "reminders" VALUES('question/4/2',2,NULL,'2026-09-07 00:30:00.000000');
INSERT INTO "reminders" VALUES('digest/2026-W37/1',1,16,'2026-09-07 01:00:00.000000');
INSERT INTO "reminders" VALUES('observance/教师节/2026/1',1,17,'2026-09-09 01:00:00.000000');
INSERT INTO "reminders" VALUES('observance/教师节/2026/2',2,18,'2026-09-09 01:00:00.000000');
INSERT INTO "reminders" VALUES('observance/教师节/2026/3',3,19,'2026-09-09 01:00:00.000000');
INSERT INTO "reminders" VALUES('digest/2026-W38/1',1,20,'2026-09-14 01:00:00.000000');
INSERT INTO "reminders" VALUES('digest/2026-W39/1',1,21,'2026-09-21 01:00:00.000000');
INSERT INTO "reminders" VALUES('overdue/主题党日/3/2026-09/0/leader/1',1,21,'2026-09-21 01:00:00.000000');
INSERT INTO "reminders" VALUES('overdue/主题党日/4/2026-09/0/leader/1',1,21,'2026-09-21 01:00:00.000000');
INSERT INTO "reminders" VALUES('overdue/主题党日/5/2026-09/0/leader/1',1,21,'2026-09-21 01:00:00.000000');
INSERT INTO "reminders" VALUES('overdue/主题党日/6/2026-09/0/leader/1',1,21,'2026-09-21 01:00:00.000000');
INSERT INTO "reminders" VALUES('overdue/主题党日/7/2026-09/0/leader/1',1,21,'2026-09-21 01:00:00.000000');
INSERT INTO "reminders" VALUES('observance/中秋节/2026/1',1,22,'2026-09-24 01:00:00.000000');
INSERT INTO "reminders" VALUES('observance/中秋节/2026/2',2,23,'2026-09-24 01:00:00.000000');
INSERT INTO "reminders" VALUES('observance/中秋节/2026/3',3,24,'2026-09-24 01:00:00.000000');
CREATE TABLE report_revisions (
	id INTEGER NOT NULL, 
	report_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	said_at TEXT NOT NULL, 
	CONSTRAINT pk_report_revisions PRIMARY KEY (id), 
	CONSTRAINT fk_report_revisions_report_id FOREIGN KEY(report_id) REFERENCES reports (id), 
	CONSTRAINT uq_report_revisions_report_id_number UNIQUE (report_id, number)
);
INSERT INTO "report_revisions" VALUES(1,1,1,'昨天主题党日，应到25实到23，学习《条例》','2026-09-06 00:59:59.380753');
INSERT INTO "report_revisions" VALUES(2,2,1,'9月4日支委会，5人全到，研究发展党员','2026-09-06 01:00:00.380751');
INSERT INTO "report_revisions" VALUES(3,3,1,'9月2日党课，22人，老赵主讲','2026-09-06 01:00:00.380752');
INSERT INTO "report_revisions" VALUES(4,4,1,'昨天安全演练开了，20人','2026-09-06 01:00:00.380753');
CREATE TABLE reports (
	id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	message_key TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	draft JSON, 
	question JSON, 
	asked_on DATE, 
	said_at TEXT NOT NULL, 
	CONSTRAINT pk_reports PRIMARY KEY (id), 
	CONSTRAINT fk_reports_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id), 
	CONSTRAINT fk_reports_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT uq_reports_chat_id_message_key UNIQUE (chat_id, message_key)
);
INSERT INTO "reports" VALUES(1,3,'4',2,'recorded',NULL,NULL,NULL,'2026-09-06 00:59:59.380753');
INSERT INTO "reports" VALUES(2,3,'6',2,'recorded',NULL,NULL,NULL,'2026-09-06 01:00:00.380751');
INSERT INTO "reports" VALUES(3,3,'8',2,'recorded',NULL,NULL,NULL,'2026-09-06 01:00:00.380752');
INSERT INTO "reports" VALUES(4,3,'12',2,'withdrawn',NULL,NULL,'2026-09-06','2026-09-06 01:00:00.380753');
CREATE TABLE requirement_settings (
	id INTEGER NOT NULL, 
	requirement TEXT NOT NULL, 
	organization_id INTEGER, 
	due TEXT, 
	period VARCHAR(32), 
	exempt BOOLEAN NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_until DATE, 
	reason TEXT, 
	by_member_id INTEGER, 
	made_at TEXT NOT NULL, 
	withdrawn_at TEXT, 
	CONSTRAINT pk_requirement_settings PRIMARY KEY (id), 
	CONSTRAINT fk_requirement_settings_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_requirement_settings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
CREATE TABLE semester_dates (
	id INTEGER NOT NULL, 
	organization_id INTEGER, 
	semester TEXT NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	by_member_id INTEGER, 
	made_at TEXT NOT NULL, 
	withdrawn_at TEXT, 
	CONSTRAINT pk_semester_dates PRIMARY KEY (id), 
	CONSTRAINT fk_semester_dates_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_semester_dates_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
CREATE TABLE text_reviews (
	id INTEGER NOT NULL, 
	mark VARCHAR(16) NOT NULL, 
	observance TEXT NOT NULL, 
	name TEXT NOT NULL, 
	occasion TEXT NOT NULL, 
	organization_id INTEGER NOT NULL, 
	version VARCHAR(16) NOT NULL, 
	text TEXT NOT NULL, 
	theme TEXT NOT NULL, 
	day DATE NOT NULL, 
	own BOOLEAN NOT NULL, 
	goes_at TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
	verdict VARCHAR(32), 
	decided_at TEXT, 
	by_member_id INTEGER, 
	CONSTRAINT pk_text_reviews PRIMARY KEY (id), 
	CONSTRAINT fk_text_reviews_by_member_id FOREIGN KEY(by_member_id) REFERENCES members (id), 
	CONSTRAINT fk_text_reviews_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_text_reviews_mark UNIQUE (mark)
);
CREATE TABLE visits (
	id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	member_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	asked JSON, 
	opened_at TEXT, 
	expires_at TEXT NOT NULL, 
	CONSTRAINT pk_visits PRIMARY KEY (id), 
	CONSTRAINT fk_visits_chat_id FOREIGN KEY(chat_id) REFERENCES chats (id), 
	CONSTRAINT fk_visits_member_id FOREIGN KEY(member_id) REFERENCES members (id), 
	CONSTRAINT uq_visits_digest UNIQUE (digest)
);
CREATE TABLE wrong_codes (
	id INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	address TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_wrong_codes PRIMARY KEY (id)
);
CREATE INDEX ix_inbox_held ON inbox (bot_id, chat_key) WHERE status = 'leased' OR (status = 'pending' AND alone);
CREATE INDEX ix_inbox_pending ON inbox (bot_id, stranger, id) WHERE status = 'pending';
CREATE INDEX ix_incidents_untold ON incidents (id) WHERE told_at IS NULL;
CREATE INDEX ix_members_name ON members (name);
CREATE INDEX ix_organizations_parent_id ON organizations (parent_id);
CREATE INDEX ix_wrong_codes_chat ON wrong_codes (channel, address, at);
CREATE INDEX ix_audit_organization_id ON audit (organization_id);
CREATE INDEX ix_audit_subject ON audit (subject, id);
CREATE INDEX ix_chats_member_id ON chats (member_id);
CREATE INDEX ix_chats_organization_id ON chats (organization_id);
CREATE INDEX ix_closings_month ON closings (organization_id, month);
CREATE INDEX ix_feeds_organization_id ON feeds (organization_id);
CREATE INDEX ix_invitations_member_id ON invitations (member_id);
CREATE INDEX ix_key_events_organization_id ON key_events (organization_id);
CREATE INDEX ix_leave_requests_member_id ON leave_requests (member_id);
CREATE INDEX ix_memberships_open ON memberships (member_id) WHERE valid_until IS NULL;
CREATE INDEX ix_memberships_organization_id ON memberships (organization_id);
CREATE INDEX ix_memberships_oversight_id ON memberships (oversight_id);
CREATE INDEX ix_occurrence_changes_occurrence ON occurrence_changes (requirement, organization_id, period);
CREATE INDEX ix_requirement_settings_requirement ON requirement_settings (requirement);
CREATE INDEX ix_text_reviews_organization_id ON text_reviews (organization_id);
CREATE INDEX ix_broadcasts_ended_at ON broadcasts (ended_at);
CREATE INDEX ix_deliveries_alone ON deliveries (attempts, id) WHERE status = 'pending' AND alone;
CREATE INDEX ix_deliveries_due ON deliveries (due_at) WHERE status = 'pending' AND NOT alone;
CREATE INDEX ix_deliveries_flying ON deliveries (chat_id) WHERE status IN ('leased', 'sending');
CREATE INDEX ix_deliveries_message ON deliveries (chat_id, message_key) WHERE message_key IS NOT NULL;
CREATE INDEX ix_deliveries_order ON deliveries (chat_id, due_at, id) WHERE status = 'pending';
CREATE INDEX ix_deliveries_urgent ON deliveries (due_at) WHERE status = 'pending' AND kind = 'answer' AND NOT alone;
CREATE INDEX ix_inquiries_last ON inquiries (chat_id, member_id, id);
CREATE INDEX ix_petitions_open ON petitions (kind) WHERE settled_at IS NULL;
CREATE INDEX ix_reports_member_id ON reports (member_id);
CREATE INDEX ix_reports_open ON reports (member_id) WHERE status = 'open';
CREATE INDEX ix_visits_chat_id ON visits (chat_id);
CREATE INDEX ix_completions_organization_id ON completions (organization_id);
CREATE INDEX ix_completions_report_id ON completions (report_id);
CREATE INDEX ix_completions_status ON completions (requirement, period, organization_id) WHERE superseded_at IS NULL;
CREATE INDEX ix_reminders_delivery_id ON reminders (delivery_id);
COMMIT;
