package io.densespark.spark.ml;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;

/** What a training prints for people, as lines of a log: a pipeline's output is its user's. */
final class LogLines extends OutputStream {
    private final Logger log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LogLines(Logger log) {
        this.log = log;
    }

    static PrintStream to(Logger log) {
        return new PrintStream(new LogLines(log), false, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int value) {
        if (value != '\n') {
            line.write(value);
            return;
        }
        log.info("{}", line.toString(StandardCharsets.UTF_8));
        line.reset();
    }
}
