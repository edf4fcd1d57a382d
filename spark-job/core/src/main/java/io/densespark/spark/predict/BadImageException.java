package io.densespark.spark.predict;

/**
 * A row's image that is null, or isn't one that can be used. The message has no name in it: it completes the sentence "IMAGE
 * is ...", in one line.
 */
public final class BadImageException extends Exception {
    BadImageException(String message) {
        super(message);
    }

    BadImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
