package io.densespark.spark.harness;

import io.densespark.model.cuda.FakeCuda;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Executors with GPUs that aren't there: a discovery script names them, and the fake CUDA of the module {@code model} runs
 * their kernels on the CPU.
 *
 * @param libraries the folder of the fake's libraries
 */
public record FakeGpus(Path libraries) {
    private static final Path MODEL = Path.of("../../model").toAbsolutePath().normalize();

    /** Builds the fake if need be; empty if this machine has no C++ compiler. */
    public static Optional<FakeGpus> build() {
        return FakeCuda.build(
                        MODEL.resolve("src/test/fakecuda"),
                        MODEL.resolve("src/main/resources/io/densespark/model/cuda/passes.cu"),
                        MODEL.resolve("target/fakecuda"))
                .map(FakeGpus::new);
    }

    /**
     * A submission to executors of one GPU and one core for each of their replicas.
     *
     * @param folder gets the discovery script
     * @param options of the fake, by name
     */
    public SparkSubmit submit(
            SparkHome spark, Path folder, int executors, int replicasOfExecutor, Map<String, String> options) {
        DiscoveryScript script = DiscoveryScript.write(
                folder.resolve("gpus.sh"),
                IntStream.range(0, replicasOfExecutor)
                        .mapToObj(Integer::toString)
                        .toArray(String[]::new));
        String gpus = Integer.toString(replicasOfExecutor);
        SparkSubmit submit = SparkSubmit.to(spark, "local-cluster[" + executors + "," + gpus + ",1024]")
                .conf("spark.executor.memory", "1g")
                .conf("spark.cores.max", Integer.toString(executors * replicasOfExecutor))
                .conf("spark.worker.resource.gpu.amount", gpus)
                .conf("spark.worker.resource.gpu.discoveryScript", script.file().toString())
                .conf("spark.executor.resource.gpu.amount", gpus)
                .conf("spark.task.resource.gpu.amount", "1")
                .conf("spark.executorEnv.LD_LIBRARY_PATH", libraries.toString())
                .conf("spark.executorEnv.FAKECUDA_DEVICES", gpus);
        options.forEach((name, value) -> submit.conf("spark.executorEnv.FAKECUDA_" + name, value));
        return submit;
    }
}
