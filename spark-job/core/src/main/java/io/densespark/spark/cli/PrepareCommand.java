package io.densespark.spark.cli;

import io.densespark.data.DatasetDescription;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.prepare.RecordSettings;
import io.densespark.data.prepare.RecordsPrepare;
import io.densespark.data.records.CsvSource;
import io.densespark.data.records.FolderSource;
import io.densespark.data.records.JsonlSource;
import io.densespark.data.records.ParquetSource;
import io.densespark.data.records.RecordSource;
import io.densespark.data.records.TableColumns;
import io.densespark.data.records.TableSource;
import io.densespark.data.records.TarSource;
import io.densespark.data.source.BigDlSource;
import io.densespark.data.source.BundledMnist;
import io.densespark.data.source.Cifar100Source;
import io.densespark.data.source.Cifar10Source;
import io.densespark.data.source.IdxSource;
import io.densespark.data.source.ImageSource;
import io.densespark.data.source.Stl10Source;
import io.densespark.data.source.SvhnSource;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code prepare}: a data set's own files to Parquet shards. */
@Command(
        name = "prepare",
        description = "Turns a data set's files into Parquet shards and dataset.json.",
        mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--source",
            required = true,
            description =
                    "${COMPLETION-CANDIDATES}. Encoded images: a folder for each class (folder), archives as "
                            + "WebDataset's or with such folders (tar), or a table with their "
                            + "paths or bytes (csv, jsonl, parquet, also as Hugging Face writes it, or any table that Spark knows). "
                            + "Pixels: BigDL's SequenceFiles (folders train and val), the binary files of CIFAR-10, CIFAR-100 and "
                            + "STL-10, SVHN's cropped digits, IDX files as MNIST's and EMNIST's (plain or gzipped), or the 10,000 MNIST digits in the job jar")
    private PrepareSource source;

    @Option(
            names = "--input",
            paramLabel = "URI",
            description = "folder with the data set's files, or a table's file or name; not for mnist")
    private Optional<String> input = Optional.empty();

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description =
                    "scale images so that their shorter side has N pixels and cut their central N x N; needed where "
                            + "images differ in size")
    private Optional<Integer> imageSize = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "NAME",
            description =
                    "for idx, which data set to take where several lie in the folder, such as emnist-letters; for "
                            + "cifar100, fine (default) or coarse labels; for svhn, extra to train on these digits as well")
    private Optional<String> set = Optional.empty();

    @Option(names = "--output", required = true, paramLabel = "URI", description = "folder for shards and dataset.json")
    private String output;

    @Option(
            names = "--rows-per-shard",
            paramLabel = "N",
            description = "images in a shard (default " + PrepareSettings.DEFAULT_ROWS_PER_SHARD
                    + ", or fewer where --image-size would make a shard larger than 256 MB)")
    private Optional<Integer> rowsPerShard = Optional.empty();

    @Option(names = "--overwrite", description = "replace a prepared data set that is there")
    private boolean overwrite;

    @Mixin
    private RecordOptions records;

    @Override
    public Integer call() throws IOException {
        SourceOptions.require(source, spec);
        Configuration conf = JobContext.hadoop();
        Path target = Place.of("--output", output, conf);
        if (source.hasRecords()) {
            RecordSettings settings = records.settings(optional(imageSize), optional(rowsPerShard), overwrite);
            Optional<String> root = records.imagesRoot()
                    .map(folder -> Place.of("--images-root", folder, conf).toString());
            TableColumns columns = records.columns(source, root);
            String place = source == PrepareSource.table
                    ? requireInput()
                    : requireThere(input(conf), conf).toString();
            JobContext.run("prepare", sc -> {
                SparkSession spark = SparkSession.builder().getOrCreate();
                print(RecordsPrepare.run(spark, openRecords(spark, place, columns), target, settings));
            });
        } else {
            int rows = rowsPerShard.orElse(PrepareSettings.DEFAULT_ROWS_PER_SHARD);
            print(Prepare.run(openPixels(conf), conf, target, new PrepareSettings(rows, overwrite)));
        }
        return ExitCode.OK;
    }

    private static OptionalInt optional(Optional<Integer> value) {
        return value.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private void print(DatasetDescription made) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,d training%s and %,d test images of %s%s, %d classes, in %s%n",
                made.name(),
                made.count(DatasetDescription.TRAIN),
                made.hasValidation()
                        ? String.format(Locale.ROOT, ", %,d validation", made.count(DatasetDescription.VALIDATION))
                        : "",
                made.count(DatasetDescription.TEST),
                made.shape(),
                made.encoded() ? " (kept encoded)" : "",
                made.classes().size(),
                output);
        if (made.quarantine() != null) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d images can't be prepared: see %s/%s%n",
                    made.quarantined(),
                    output,
                    made.quarantine().file());
        }
    }

    private RecordSource openRecords(SparkSession spark, String place, TableColumns columns) {
        return switch (source) {
            case csv -> CsvSource.open(spark, new Path(place), columns);
            case jsonl -> JsonlSource.open(spark, new Path(place), columns);
            case parquet -> ParquetSource.open(spark, new Path(place), columns);
            case table -> TableSource.named(spark, place, columns);
            case folder -> FolderSource.open(spark, new Path(place));
            case tar -> TarSource.open(spark, new Path(place));
            default -> throw new IllegalStateException(source + " has no records");
        };
    }

    private ImageSource openPixels(Configuration conf) {
        return switch (source) {
            case bigdl -> BigDlSource.open(conf, input(conf), optional(imageSize));
            case cifar10 -> Cifar10Source.open(conf, input(conf));
            case cifar100 -> Cifar100Source.open(conf, input(conf), set);
            case idx -> IdxSource.open(conf, input(conf), set);
            case mnist -> BundledMnist.open();
            case stl10 -> Stl10Source.open(conf, input(conf));
            case svhn -> SvhnSource.open(conf, input(conf), set);
            default -> throw new IllegalStateException(source + " has no pixels");
        };
    }

    private Path input(Configuration conf) {
        return Place.of("--input", requireInput(), conf);
    }

    /** Finds out before Spark starts; a table's files may be given by a pattern. */
    private static Path requireThere(Path place, Configuration conf) throws IOException {
        FileSystem files = place.getFileSystem(conf);
        if (!files.exists(place)
                && Optional.ofNullable(files.globStatus(place))
                                .map(found -> found.length)
                                .orElse(0)
                        == 0) {
            throw new JobException("setting input " + place + " doesn't exist: check the path");
        }
        return place;
    }

    private String requireInput() {
        return input.orElseThrow(() -> new JobException("setting input is missing: give --input with "
                + (source == PrepareSource.table
                        ? "the name of the table"
                        : "the folder of the " + source + " files")));
    }
}
