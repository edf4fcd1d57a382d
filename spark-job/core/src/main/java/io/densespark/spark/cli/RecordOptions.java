package io.densespark.spark.cli;

import io.densespark.data.decode.PixelFormat;
import io.densespark.data.prepare.RecordSettings;
import io.densespark.data.records.TableColumns;
import io.densespark.spark.JobException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options of {@code prepare} for sources of encoded images. */
final class RecordOptions {
    private static final String LABEL = "label";

    /** What the prepared pixels are, as users write it. */
    enum Channels {
        grey(PixelFormat.GREY8),
        rgb(PixelFormat.RGB8),
        grey16(PixelFormat.GREY16);

        private final PixelFormat format;

        Channels(PixelFormat format) {
            this.format = format;
        }
    }

    /** What becomes of images that can't be prepared. */
    enum OnBad {
        fail,
        quarantine
    }

    @Option(
            names = "--image-column",
            paramLabel = "NAME",
            description =
                    "column of a table with the image: its path, its encoded bytes, or a struct of bytes and path "
                            + "(default path for csv and jsonl, image for others)")
    private Optional<String> imageColumn = Optional.empty();

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "column with the class's name or number (default label); with --multi-label A|B or an array")
    private Optional<String> labelColumn = Optional.empty();

    @Option(
            names = "--label-columns",
            paramLabel = "NAME",
            split = ",",
            description =
                    "a column for each class, named like it, in place of one: 1 (present), 0 (absent), -1 or nothing "
                            + "(unknown)")
    private List<String> labelColumns = List.of();

    @Option(names = "--multi-label", description = "images may have several labels, or none")
    private boolean multiLabel;

    @Option(names = "--split-column", paramLabel = "NAME", description = "column with train, validation or test")
    private Optional<String> splitColumn = Optional.empty();

    @Option(
            names = "--group-column",
            paramLabel = "NAME",
            description = "column with what images must not be parted, such as the patient")
    private Optional<String> groupColumn = Optional.empty();

    @Option(names = "--weight-column", paramLabel = "NAME", description = "column with the image's weight")
    private Optional<String> weightColumn = Optional.empty();

    @Option(
            names = "--key-column",
            paramLabel = "NAME",
            description =
                    "column with a name for the image that no other has (default its path, or its place in the table)")
    private Optional<String> keyColumn = Optional.empty();

    @Option(
            names = "--images-root",
            paramLabel = "URI",
            description = "folder that relative paths start from (default that of the file that has them)")
    private Optional<String> imagesRoot = Optional.empty();

    @Option(
            names = "--test-share",
            paramLabel = "SHARE",
            description = "of the training images to draw for the test split (default "
                    + RecordSettings.DEFAULT_TEST_SHARE + " where the source has none)")
    private Optional<Double> testShare = Optional.empty();

    @Option(
            names = "--valid-share",
            paramLabel = "SHARE",
            description = "of the training images to draw for a validation split (default none)")
    private Optional<Double> validShare = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "of the images' order and of what is drawn (default 0)")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--channels", description = "${COMPLETION-CANDIDATES}: what to make of images (default rgb)")
    private Optional<Channels> channels = Optional.empty();

    @Option(
            names = "--on-bad",
            description =
                    "${COMPLETION-CANDIDATES}: end at the first image that can't be prepared (default), or leave such "
                            + "images out and list them in a table beside the shards")
    private Optional<OnBad> onBad = Optional.empty();

    @Option(
            names = "--max-bad",
            paramLabel = "SHARE",
            description = "of the images that --on-bad quarantine may leave out (default "
                    + RecordSettings.DEFAULT_MAX_BAD + ")")
    private Optional<Double> maxBad = Optional.empty();

    @Option(
            names = "--keep-encoded",
            description =
                    "keep images as their files have them, for training to decode and scale to --image-size: for data sets "
                            + "that don't fit into memory, and for random-resized-crop")
    private boolean keepEncoded;

    /** @param root as executors read it, from what was given for {@code --images-root} */
    TableColumns columns(PrepareSource source, Optional<String> root) {
        boolean hasPaths = source == PrepareSource.csv || source == PrepareSource.jsonl;
        Optional<String> label = labelColumns.isEmpty() ? Optional.of(labelColumn.orElse(LABEL)) : labelColumn;
        return new TableColumns(
                imageColumn.orElse(hasPaths ? "path" : "image"),
                label,
                labelColumns,
                multiLabel,
                splitColumn,
                groupColumn,
                weightColumn,
                keyColumn,
                root);
    }

    Optional<String> imagesRoot() {
        return imagesRoot;
    }

    /** @throws JobException if they don't go together */
    RecordSettings settings(OptionalInt imageSize, OptionalInt rowsPerShard, boolean overwrite) {
        boolean quarantines = onBad.orElse(OnBad.fail) == OnBad.quarantine;
        if (maxBad.isPresent() && !quarantines) {
            throw new JobException("setting max-bad is for --on-bad quarantine: give that too, or leave out --max-bad");
        }
        return new RecordSettings(
                channels.orElse(Channels.rgb).format,
                imageSize,
                rowsPerShard,
                testShare.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                validShare.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                seed.orElse(0L),
                quarantines ? OptionalDouble.of(maxBad.orElse(RecordSettings.DEFAULT_MAX_BAD)) : OptionalDouble.empty(),
                overwrite,
                keepEncoded);
    }
}
