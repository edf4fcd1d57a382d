package io.densespark.model;

import org.jspecify.annotations.Nullable;

/**
 * A model, its settings or its machine is not fit for what was asked. The message names what is wrong and the remedy, in
 * one line for people. Trying again without a change gives the same error.
 */
public class ModelException extends IllegalArgumentException {
    private final String facts;

    public ModelException(String message) {
        this(message, (Throwable) null);
    }

    public ModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
        facts = message;
    }

    /**
     * An error whose remedy a caller may put into words of its own.
     *
     * @param facts what is wrong
     * @param remedy what to do about it, for those who call this module from code
     */
    protected ModelException(String facts, String remedy) {
        this(facts, remedy, null);
    }

    /** As {@link #ModelException(String, String)}, of an error that had a cause. */
    protected ModelException(String facts, String remedy, @Nullable Throwable cause) {
        super(facts + ": " + remedy, cause);
        this.facts = facts;
    }

    /** What is wrong: the message, without its remedy where a subclass says so. */
    public final String facts() {
        return facts;
    }
}
