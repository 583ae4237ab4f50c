package org.waldur.siteagent.slurm;

import java.util.List;

/** A command that was to create accounts changed some that somebody else had made in the meantime. An operator has to undo that. */
public final class AccountTakenOver extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AccountTakenOver(List<String> changed) {
        super("accounts that somebody made at the same moment were changed; put back what stands left of each arrow: " + changed);
    }
}
