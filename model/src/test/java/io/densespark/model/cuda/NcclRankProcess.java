package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Rank 1 of two in a process of its own: joins in one sum, prints it, and makes no other. */
final class NcclRankProcess {
    /** With which the line of its sum begins; Gloo prints others. */
    static final String SUM = "sum ";

    private NcclRankProcess() {}

    /** Starts the process; the caller ends it. */
    static Process start(Path fake, String rendezvous) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                NcclRankProcess.class.getName(),
                fake.toString(),
                rendezvous));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectError(new File("target", "nccl-rank.log"));
        return builder.start();
    }

    /** Is given the folder of the fake CUDA, and rank 0's rendezvous. */
    public static void main(String[] arguments) throws Exception {
        FakeCuda.load(Path.of(arguments[0]));
        FakeRanks.connect(arguments[1], 1, 2, Device.cuda(0), Duration.ofMinutes(2), (group, gpu) -> {
            try (Storage storage = gpu.allocate(ElementType.FLOAT, 3)) {
                Vector vector = new Vector(storage, 0, 3);
                vector.set(new float[] {1, 2, 0.25f});
                group.sum(vector);
                System.out.println(SUM + Arrays.toString(vector.toFloats()));
            }
            // Whoever started it kills it, or is gone itself.
            TimeUnit.MINUTES.sleep(1);
            return null;
        });
    }
}
