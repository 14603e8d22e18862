"""What an automation engineer does with ncclient: told as a story, every step judged."""
import sys

from ncclient import manager
from ncclient.operations import RPCError

host, port, user, password = sys.argv[1:]
NTP, ND = "urn:ietf:params:xml:ns:yang:ietf-ntp", "urn:ntpconfd:yang:ntp"


def ntp(inner):
    return f'<config><ntp xmlns="{NTP}" xmlns:ntp="{NTP}" xmlns:nd="{ND}">{inner}</ntp></config>'


def key(keyid, algorithm, secret):
    return ntp(
        f"<authentication><authentication-keys><keyid>{keyid}</keyid><algorithm>{algorithm}</algorithm>"
        f"<key><keystring>{secret}</keystring></key><istrusted>true</istrusted></authentication-keys></authentication>"
    )


def role(inner):
    return ntp(f"<interfaces><interface><name>eth0</name>{inner}</interface></interfaces>")


def refused(session, config, *words):
    """The edit or its commit is refused, and the message says what an operator needs."""
    try:
        session.edit_config(target="candidate", config=config)
        session.commit()
    except RPCError as error:
        text = str(error)
        print("  refused:", text)
        for word in words:
            assert word in text, f"{word!r} is not in {text!r}"
    else:
        raise AssertionError(f"accepted: {config}")
    finally:
        session.discard_changes()


with manager.connect(
    host=host, port=int(port), username=user, password=password,
    hostkey_verify=False, allow_agent=False, look_for_keys=False,
) as session:
    for capability in (":candidate", ":validate", ":startup", ":confirmed-commit", ":xpath", ":with-defaults"):
        assert capability in session.server_capabilities, capability
    before = session.get_config("running").data_xml

    refused(session, key(31, "ntp:md5", "Md5-Secret-Pass9"), "weak-algorithms-enabled")
    refused(session, key(31, "nd:hmac-sha256", "short"), "12")
    refused(session, key(31, "nd:aes-128-cmac", "Seventeen-Octets1"), "16")
    refused(session, key(31, "ntp:hmac-sha-1", "Hmac-Secret-Pass9"), "hmac-sha-1")
    refused(session, role("<manycast-client><address>224.0.1.1</address><authentication><keyid>99</keyid>"
                          "</authentication></manycast-client>"), "99", "keyid")
    refused(session, role("<manycast-server><address>10.0.0.1</address></manycast-server>"), "10.0.0.1", "address")
    refused(session, role("<manycast-client><address>224.0.1.1</address><ttl>0</ttl></manycast-client>"), "ttl", "0")
    refused(session, role("<manycast-client><address>224.0.1.1</address><port>124</port></manycast-client>"), "port", "124")
    refused(session, role("<manycast-client><address>224.0.1.1</address><port>1023</port></manycast-client>"), "port", "1023")
    refused(session, ntp("<nd:max-dynamic-sessions>101</nd:max-dynamic-sessions>"), "max-dynamic-sessions", "101")
    refused(session, ntp("<interfaces><interface><name>nowhere0</name></interface></interfaces>"), "nowhere0")
    assert session.get_config("running").data_xml == before, "a refusal changed running"

    with session.locked("candidate"):
        session.edit_config(target="candidate", config=ntp("<nd:max-dynamic-sessions>42</nd:max-dynamic-sessions>"))
        session.validate("candidate")
        session.commit()
    data = session.get_config("running", filter=("xpath", "/ntp/max-dynamic-sessions")).data_xml
    assert ">42<" in data, data
    state = session.get(filter=("subtree", f'<ntp xmlns="{NTP}"><clock-state/></ntp>')).data_xml
    assert "synchronized" in state, state
    schema = session.get_schema("ietf-ntp").data
    assert "module ietf-ntp" in schema
    session.copy_config(source="running", target="startup")

    session.copy_config(source="running", target="file:///story.xml")
    session.edit_config(target="candidate", config=ntp("<nd:max-dynamic-sessions>43</nd:max-dynamic-sessions>"))
    session.copy_config(source="file:///story.xml", target="candidate")
    data = session.get_config("candidate", filter=("xpath", "/ntp/max-dynamic-sessions")).data_xml
    assert ">42<" in data, data
    session.delete_config(target="file:///story.xml")
    try:
        session.delete_config(target="file:///story.xml")
    except RPCError as error:
        assert "there is no such file" in str(error), error
    else:
        raise AssertionError("deleted twice")

    session.create_subscription(start_time="2020-01-01T00:00:00Z")
    told = []
    while not told or "replayComplete" not in told[-1]:
        notification = session.take_notification(timeout=10)
        assert notification is not None, told
        told.append(notification.notification_xml)
    assert any("<netconf-config-change" in one and f"<username>{user}</username>" in one for one in told), told
print("all as expected")
