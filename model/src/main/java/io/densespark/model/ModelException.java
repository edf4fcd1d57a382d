package io.densespark.model;

/**
 * A model, its settings or its machine is not fit for what was asked. The message names what is wrong and the remedy, in
 * one line: it is what a user of the command line sees. Trying again without a change gives the same error.
 */
public class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
