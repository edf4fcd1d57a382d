package io.densespark.spark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A script that tells Spark of GPUs which aren't there.
 *
 * @param file the script
 * @param gpus how many it names
 */
public record DiscoveryScript(Path file, int gpus) {

    /** Writes a script that prints these addresses. */
    public static DiscoveryScript write(Path file, String... addresses) {
        String quoted = Stream.of(addresses).map(each -> '"' + each + '"').collect(Collectors.joining(","));
        try {
            Files.writeString(file, "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[" + quoted + "]}'\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DiscoveryScript(file, addresses.length);
    }

    /** A worker that offers the GPUs. */
    public StandaloneCluster.Worker worker(int cores, String memory) {
        return new StandaloneCluster.Worker(
                cores,
                memory,
                Map.of(
                        "spark.worker.resource.gpu.amount",
                        Integer.toString(gpus),
                        "spark.worker.resource.gpu.discoveryScript",
                        file.toString()));
    }
}
