#pragma once

#include <sys/time.h>

/* rabbitmq-c 0.12 and newer keep their headers in a directory of their own. */
#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#endif

static inline amqp_table_entry_t shim_capability(const char *name) {
    amqp_table_entry_t entry;
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

/* The library's login is variadic, which Swift does not import. It leaves out the capabilities without which a deleted
   queue and a blocked connection are silent. */
static inline amqp_rpc_reply_t shim_login(
    amqp_connection_state_t connection, const char *virtual_host, int channel_max, int frame_max, int heartbeat,
    const char *user, const char *password, const char *connection_name) {
    amqp_table_entry_t capabilities[4] = {
        shim_capability("consumer_cancel_notify"),
        shim_capability("connection.blocked"),
        shim_capability("publisher_confirms"),
        shim_capability("basic.nack"),
    };
    amqp_table_entry_t entries[2];
    entries[0].key = amqp_cstring_bytes("capabilities");
    entries[0].value.kind = AMQP_FIELD_KIND_TABLE;
    entries[0].value.value.table.num_entries = 4;
    entries[0].value.value.table.entries = capabilities;
    entries[1].key = amqp_cstring_bytes("connection_name");
    entries[1].value.kind = AMQP_FIELD_KIND_UTF8;
    entries[1].value.value.bytes = amqp_cstring_bytes(connection_name);
    amqp_table_t properties = {2, entries};
    return amqp_login_with_properties(
        connection, virtual_host, channel_max, frame_max, heartbeat, &properties, AMQP_SASL_METHOD_PLAIN, user,
        password);
}
