package org.waldur.siteagent.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.text.Nearest;

/**
 * Every key that a config may have: those that we use, and those of the Python agent with what follows from our not using them.
 * A third column is the value with which nothing follows.
 */
enum Keys {
    GLOBAL("at the top of the file", """
            offerings
            sentry_dsn
            timezone
            state_dir
            expose_backend_error_details
            global_proxy
            log_level | the log shows INFO and above | info
            reporting_periods
            billing_timezone
            elastic_apm_server_url | no traces are sent
            log_shipping | no log is sent to Waldur
            """),
    OFFERING("in an offering", """
            name
            waldur_api_url
            waldur_api_token
            waldur_api_token_file
            waldur_api_token_env
            waldur_api_token_credential
            waldur_offering_uuid
            backend_type
            backend_settings
            backend_components
            verify_ssl
            ca_file
            proxy
            order_processing_backend
            membership_sync_backend
            reporting_backend
            report_limits
            billing_timezone
            username_management_backend | usernames come from Waldur; nobody is given one by this version | base
            stomp_enabled | orders are found by polling instead
            stomp_membership_sync_enabled | members are found by polling instead
            stomp_ws_host | orders are found by polling instead
            stomp_ws_port | orders are found by polling instead
            stomp_ws_path | orders are found by polling instead
            websocket_use_tls | orders are found by polling instead | true
            mqtt_enabled | orders are found by polling instead
            resource_import_enabled | no account is offered for import
            username_reconciliation_enabled | usernames come from Waldur
            preserve_unmanaged_backend_users | who is not on the team is removed from an account of ours
            omit_anomalous_usage_components | a figure that would fall is held for you, with all components of its resource
            oidc_token_url | only a token is used
            oidc_client_id | only a token is used
            oidc_client_secret | only a token is used
            """),
    BACKEND("in backend_settings", """
            default_account
            default_account_policy
            customer_prefix
            project_prefix
            allocation_prefix
            allocation_name_max_len
            root_account
            parent_account
            cluster_name
            slurm_bin_path
            enable_user_homedir_account_creation
            default_homedir_umask
            homedir_umask
            homedir_base_path
            missing_limit
            soft_delete
            execution_mode | commands are run instead | cli
            rest_api | commands are run instead
            homedir_quota | home directories get no quota; use a hook
            qos_default
            qos_downscaled
            qos_paused
            pause_by
            restrict_member_access
            removal_brake
            removal_confirm_seconds
            recreate
            default_partition
            qos_enforcement_enabled | no QoS is granted; use the hook after-limits-set, and pause_by: submit_limit
            enforce_offering_qos | no QoS is granted; use the hook after-limits-set
            qos_management | no QoS is made; use the hook after-account-created
            enforce_offering_partitions | users are added for default_partition, or for all partitions
            project_directory | no project directory is made; use the hook after-account-created
            ldap | nothing is written to LDAP
            periodic_limits | limits are those of the orders
            check_backend_id_uniqueness | a name is unique if neither the cluster nor the offering has it
            check_all_offerings | a name is unique if neither the cluster nor the offering has it
            backend_id_max_retries | a numbered name is looked for 50 times | 50
            """),
    BRAKE("in removal_brake", """
            account
            offering
            """),
    BOUND("in account and offering of removal_brake", """
            count
            percent
            """),
    COMPONENT("in one of backend_components", """
            limit
            measured_unit
            unit_factor
            accounting_type
            label
            target_components
            description
            min_value
            max_value
            max_available_limit
            default_limit
            limit_period
            article_code
            is_boolean
            is_prepaid
            min_prepaid_duration
            max_prepaid_duration
            prepaid_duration_step
            min_renewal_duration
            max_renewal_duration
            renewal_duration_step
            unit_factor_reporting | unit_factor is used for everything
            period_type | limits are those of the orders
            carryover_enabled | limits are those of the orders
            grace_ratio | limits are those of the orders
            """);

    private record Unused(String consequence, Optional<String> harmless) {
    }

    private final String place;
    private final Map<String, Optional<Unused>> keys = new LinkedHashMap<>();

    Keys(String place, String table) {
        this.place = place;
        table.lines().map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList()).forEach(cells -> keys.put(cells.get(0),
                cells.size() == 1 ? Optional.empty() : Optional.of(new Unused(cells.get(1), cells.stream().skip(2).findFirst()))));
    }

    boolean knows(String key) {
        return keys.containsKey(key);
    }

    /** The keys that we use. */
    List<String> used() {
        return keys.entrySet().stream().filter(key -> key.getValue().isEmpty()).map(Map.Entry::getKey).toList();
    }

    /** The keys that we know and do not use. */
    List<String> unused() {
        return keys.entrySet().stream().filter(key -> key.getValue().isPresent()).map(Map.Entry::getKey).toList();
    }

    /** What follows from our not using this value of a key; empty if nothing does. */
    Optional<String> consequence(String key, Located value) {
        return keys.get(key).filter(unused -> !value.isOff() && unused.harmless().filter(value.text().strip()::equalsIgnoreCase).isEmpty())
                .map(Unused::consequence);
    }

    /** Whether a word is one of these keys with a slip in it. */
    boolean isSlip(String word) {
        return keys.keySet().stream().anyMatch(key -> Nearest.isSlip(word, key));
    }

    /** What somebody may have meant who wrote a key that is none of these: it has a slip in it, or is a key elsewhere, or is like the nearest one. */
    String instead(String word) {
        return isSlip(word) ? Nearest.of(word, keys.keySet()) : Arrays.stream(values()).filter(other -> other.knows(word)).findFirst().map(other -> "the same key " + other.place)
                .orElseGet(() -> Nearest.of(word, keys.keySet()));
    }
}
