package org.waldur.siteagent.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The part of {@code backend_settings} that belongs to {@code membership_sync}.
 *
 * @param qosDefault     {@code qos_default}: what an account gets back if nobody remembers what it had; empty: it inherits
 * @param qosDownscaled  {@code qos_downscaled}; empty: a downscaled allocation is held for the operator
 * @param qosPaused      {@code qos_paused}
 * @param pauseBy        {@code pause_by}: what keeps the members of a paused allocation from submitting
 * @param restriction    {@code restrict_member_access}: what that flag of Waldur does here
 * @param brake          {@code removal_brake}: how many removals wait for the operator
 * @param removalConfirm {@code removal_confirm_seconds}: how long after the first look the second one comes
 * @param recreate       accounts that should be there and are not are created again
 * @param partition      {@code default_partition} of new associations of users; empty: all partitions
 */
public record MembershipSettings(Optional<String> qosDefault, Optional<String> qosDownscaled, Optional<String> qosPaused, PauseBy pauseBy,
        Restriction restriction, Brake brake, Duration removalConfirm, boolean recreate, Optional<String> partition) {

    /** What holds of an offering that says nothing about members. */
    public static final MembershipSettings USUAL = new MembershipSettings(Optional.empty(), Optional.empty(), Optional.empty(), PauseBy.SUBMIT_LIMIT,
            Restriction.BLOCK, Brake.USUAL, Duration.ofSeconds(60), false, Optional.empty());

    /** The same with another QoS for paused accounts. */
    public MembershipSettings pausedBy(String qos) {
        return new MembershipSettings(qosDefault, qosDownscaled, Optional.of(qos), PauseBy.QOS, restriction, brake, removalConfirm, recreate, partition);
    }

    /** The same where accounts that are gone are created again. */
    public MembershipSettings recreating() {
        return new MembershipSettings(qosDefault, qosDownscaled, qosPaused, pauseBy, restriction, brake, removalConfirm, true, partition);
    }

    /** {@code QOS}: the account has {@code qos_paused} and no other QoS; {@code SUBMIT_LIMIT}: GrpSubmitJobs is 0. */
    public enum PauseBy { QOS, SUBMIT_LIMIT }

    /** {@code BLOCK}: GrpSubmitJobs is 0, and nobody is removed; {@code REMOVE}: everybody is removed. */
    public enum Restriction { BLOCK, REMOVE }

    /** @param offering of all members of all allocations of the offering together */
    public record Brake(Bound account, Bound offering) {
        public static final Brake USUAL = new Brake(new Bound(3, 25), new Bound(10, 5));
    }

    /** So many removals at most, or this share of those who are there, whichever is more. */
    public record Bound(int count, int percent) {
        /** Whether so many of so many are too many. */
        public boolean isExceeded(int removals, int there) {
            return removals > count && 100L * removals > (long) percent * there;
        }

        @Override
        public String toString() {
            return "max(" + count + ", " + percent + " %)";
        }
    }
}
