package io.densespark.data.records;

/** What is wrong with a row; the message goes on after the image's name. */
final class UnusableRowException extends Exception {
    UnusableRowException(String problem) {
        super(problem);
    }
}
