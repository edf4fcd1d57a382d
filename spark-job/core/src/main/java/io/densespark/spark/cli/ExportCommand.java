package io.densespark.spark.cli;

import io.densespark.spark.exchange.ExportFormat;
import io.densespark.spark.exchange.ModelExport;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code export}: a model folder to a file of another format. */
@Command(
        name = "export",
        description = "Writes a trained model in another program's format.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "URI", description = "model folder")
    private String model;

    @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}")
    private ExportFormat format;

    @Option(names = "--output", required = true, paramLabel = "URI", description = "file to write")
    private String output;

    @Option(names = "--overwrite", description = "replace a file that is there")
    private boolean overwrite;

    @Override
    public Integer call() {
        Configuration conf = JobContext.hadoop();
        Path written = ModelExport.run(
                Place.of("--model", model, conf), format, Place.of("--output", output, conf), overwrite, conf);
        System.out.println("exported " + model + " as " + format + " to " + written);
        return ExitCode.OK;
    }
}
