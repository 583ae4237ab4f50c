package org.waldur.siteagent.config;

import org.waldur.siteagent.text.Nearest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Every key that a config may have: those that we use, and those of the Python agent with what follows from our not using them. */
enum Keys {
    GLOBAL("""
            offerings
            sentry_dsn
            timezone
            state_dir
            expose_backend_error_details
            global_proxy
            log_level | the log shows INFO and above
            reporting_periods | it belongs to the mode report, which is not in this version yet
            elastic_apm_server_url | no traces are sent
            log_shipping | no log is sent to Waldur
            """),
    OFFERING("""
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
            order_processing_backend | which jobs run is decided by -m
            membership_sync_backend | which jobs run is decided by -m
            reporting_backend | which jobs run is decided by -m
            username_management_backend | usernames come from Waldur; nobody is given one by this version
            stomp_enabled | orders are found by polling instead
            stomp_membership_sync_enabled | members are found by polling instead
            stomp_ws_host | orders are found by polling instead
            stomp_ws_port | orders are found by polling instead
            stomp_ws_path | orders are found by polling instead
            websocket_use_tls | orders are found by polling instead
            mqtt_enabled | orders are found by polling instead
            resource_import_enabled | no account is offered for import
            username_reconciliation_enabled | usernames come from Waldur
            oidc_token_url | only a token is used
            oidc_client_id | only a token is used
            oidc_client_secret | only a token is used
            """),
    BACKEND("""
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
            homedir_base_path
            missing_limit
            execution_mode
            rest_api | commands are run instead
            soft_delete
            homedir_quota | home directories get no quota; use a hook
            qos_default | QoS belong to the mode membership_sync, which is not in this version yet
            qos_downscaled | QoS belong to the mode membership_sync, which is not in this version yet
            qos_paused | QoS belong to the mode membership_sync, which is not in this version yet
            qos_enforcement_enabled | no QoS is granted; use the hook after-limits-set
            enforce_offering_qos | no QoS is granted; use the hook after-limits-set
            qos_management | no QoS is made; use the hook after-account-created
            default_partition | users are added for all partitions
            enforce_offering_partitions | users are added for all partitions
            project_directory | no project directory is made; use the hook after-account-created
            ldap | nothing is written to LDAP
            periodic_limits | limits are those of the orders
            check_backend_id_uniqueness | a name is unique if neither the cluster nor the offering has it
            check_all_offerings | a name is unique if neither the cluster nor the offering has it
            backend_id_max_retries | a numbered name is looked for 50 times
            report_limits | it belongs to the mode report, which is not in this version yet
            handled_resource_states | it belongs to the mode membership_sync, which is not in this version yet
            preserve_unmanaged_backend_users | nobody is removed by this version, except with his allocation
            """),
    COMPONENT("""
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
            """);

    private final Map<String, Optional<String>> consequences = new LinkedHashMap<>();

    Keys(String table) {
        table.lines().forEach(line -> {
            String[] cells = line.split("\\|", 2);
            consequences.put(cells[0].strip(), cells.length == 1 ? Optional.empty() : Optional.of(cells[1].strip()));
        });
    }

    boolean knows(String key) {
        return consequences.containsKey(key);
    }

    /** What follows from this key not being used; empty if it is. */
    Optional<String> consequence(String key) {
        return consequences.getOrDefault(key, Optional.empty());
    }

    /** The known key that is nearest to a word. */
    String nearest(String word) {
        return Nearest.of(word, consequences.keySet());
    }
}
