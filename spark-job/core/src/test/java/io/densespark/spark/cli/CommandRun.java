package io.densespark.spark.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command that ran in this JVM, and what it has printed. */
record CommandRun(int exitStatus, String stdout, String stderr) {

    static CommandRun of(String... arguments) {
        PrintStream realOut = System.out;
        PrintStream realError = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            int status = DenseSpark.execute(arguments);
            return new CommandRun(
                    status, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(realOut);
            System.setErr(realError);
        }
    }

    /** The lines for the user among what else is logged. */
    List<String> errors() {
        return stderr.lines().filter(line -> line.startsWith("error: ")).toList();
    }
}
