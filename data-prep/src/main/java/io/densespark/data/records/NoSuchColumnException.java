package io.densespark.data.records;

import io.densespark.data.DataException;
import java.util.List;

/** A table without a column that was named, or that there usually is. */
public final class NoSuchColumnException extends DataException {
    private final String facts;
    private final Role role;

    /** What a column tells. */
    public enum Role {
        IMAGE,
        LABEL,
        CLASS,
        SPLIT,
        GROUP,
        WEIGHT,
        KEY
    }

    NoSuchColumnException(String table, String column, Role role, List<String> columns) {
        this(table + " has no column '" + column + "', but " + columns, role);
    }

    private NoSuchColumnException(String facts, Role role) {
        super(facts + ": name the one to take");
        this.facts = facts;
        this.role = role;
    }

    /** The table and its columns, without what to do about it. */
    public String facts() {
        return facts;
    }

    public Role role() {
        return role;
    }
}
