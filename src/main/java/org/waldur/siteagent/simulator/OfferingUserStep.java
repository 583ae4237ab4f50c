package org.waldur.siteagent.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A step of an offering user from some states to another, as the state machine of Waldur's own source has it (2026). */
enum OfferingUserStep {
    BEGIN_CREATING("Creating", "Requested", "Error creating"),
    SET_OK("OK", "Requested", "Creating", "Pending account linking", "Pending additional validation", "Error creating", "Error deleting",
            "Requested deletion", "Deleting"),
    SET_PENDING_ACCOUNT_LINKING("Pending account linking", "Creating", "Error creating", "Pending additional validation"),
    SET_PENDING_ADDITIONAL_VALIDATION("Pending additional validation", "Creating", "Error creating", "Pending account linking"),
    SET_VALIDATION_COMPLETE("OK", "Pending additional validation", "Pending account linking"),
    SET_ERROR_CREATING("Error creating", "Requested", "Creating", "Pending account linking", "Pending additional validation"),
    REQUEST_DELETION("Requested deletion", "OK", "Creating", "Pending account linking", "Pending additional validation", "Error creating"),
    SET_DELETING("Deleting", "Requested deletion", "Error deleting"),
    SET_DELETED("Deleted", "Requested", "Deleting"),
    SET_ERROR_DELETING("Error deleting", "Requested deletion", "Deleting");

    static final List<String> STATES = List.of("Requested", "Creating", "Pending account linking", "Pending additional validation", "OK",
            "Requested deletion", "Deleting", "Deleted", "Error creating", "Error deleting");
    /** In these a new username makes the offering user OK. */
    static final List<String> UNNAMED = List.of("Requested", "Creating", "Pending account linking", "Pending additional validation", "Error creating");

    final String to;
    final List<String> from;

    OfferingUserStep(String to, String... from) {
        this.to = to;
        this.from = List.of(from);
    }

    /** By the name of the action in the API. */
    static Optional<OfferingUserStep> of(String action) {
        return Arrays.stream(values()).filter(step -> step.name().toLowerCase(Locale.ROOT).equals(action)).findFirst();
    }
}
