package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.List;

/** The two halves of {@code sacctmgr modify ENTITY [where] ... set ...}. */
record Clauses(List<Option> where, List<Option> set) {
    static Clauses of(List<Option> options) {
        Clauses clauses = new Clauses(new ArrayList<>(), new ArrayList<>());
        List<Option> current = clauses.where;
        for (Option option : options) {
            if (option.is("where")) {
                current = clauses.where;
            } else if (option.is("set")) {
                current = clauses.set;
            } else {
                current.add(option);
            }
        }
        return clauses;
    }
}
