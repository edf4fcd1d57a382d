package io.densespark.spark.cli;

import io.densespark.spark.JobException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which options of {@code prepare} are for which sources. */
final class SourceOptions {
    private static final Map<String, Set<PrepareSource>> SOURCES = new LinkedHashMap<>();

    static {
        add(Set.of(PrepareSource.cifar100, PrepareSource.idx, PrepareSource.svhn), "--set");
        Set<PrepareSource> scaled = PrepareSource.ofRecords();
        scaled.add(PrepareSource.bigdl);
        add(scaled, "--image-size");
        add(
                PrepareSource.ofRecords(),
                "--test-share",
                "--valid-share",
                "--seed",
                "--channels",
                "--on-bad",
                "--max-bad",
                "--keep-encoded");
        add(
                PrepareSource.ofTables(),
                "--image-column",
                "--label-column",
                "--label-columns",
                "--multi-label",
                "--split-column",
                "--group-column",
                "--weight-column",
                "--key-column",
                "--images-root");
    }

    private SourceOptions() {}

    private static void add(Set<PrepareSource> sources, String... options) {
        for (String option : options) {
            SOURCES.put(option, sources);
        }
    }

    /** @throws JobException naming an option that was given and means nothing for the source */
    static void require(PrepareSource source, CommandSpec command) {
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            Set<PrepareSource> sources = SOURCES.get(option.longestName());
            if (sources != null && !sources.contains(source)) {
                throw new JobException("setting " + option.longestName().substring(2) + " is for --source "
                        + sources.stream().map(Enum::name).sorted().collect(Collectors.joining(", "))
                        + ", not for " + source + ": leave out " + option.longestName());
            }
        }
    }
}
