package io.densespark.spark.ml;

import io.densespark.spark.JobException;
import io.densespark.spark.predict.ImageColumn;
import io.densespark.spark.store.ModelFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a DenseNet on the images of a DataFrame: a replica in each task of a barrier stage, gradients summed over all of
 * them every step. The settings are those of {@code densespark train}, by the names of Spark's params.
 *
 * <p>The rows go to the replicas by one shuffle, decoded, evenly whatever their partitions, and each is learnt from once an
 * epoch. The same seed, rows and number of workers give the same model on machines of one kind.
 */
public final class DenseNetClassifier extends Estimator<DenseNetModel>
        implements PredictionParams<DenseNetClassifier>, TrainingParams<DenseNetClassifier>, MLWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final SettingParams settings;
    private final Param<String> labelCol;
    private final Param<String> validationIndicatorCol;
    private final Param<String> weightCol;
    private final Param<String> groupCol;
    private final IntParam imageSize;
    private final IntParam channels;
    private final Param<String> checkpointLocation;
    private final Param<?>[] params;

    /** An estimator with a uid of its own. */
    public DenseNetClassifier() {
        this(Identifiable$.MODULE$.randomUID("DenseNetClassifier"));
    }

    /** An estimator with a given uid. */
    public DenseNetClassifier(String uid) {
        this.uid = uid;
        settings = new SettingParams(this);
        labelCol = StageParams.text(this, "labelCol", "column of the labels: indices of classes, or their names");
        validationIndicatorCol = StageParams.text(
                this, "validationIndicatorCol", "boolean column that is true for rows which aren't learnt from");
        weightCol = StageParams.text(this, "weightCol", "column of numbers: how much each row's loss counts");
        groupCol = StageParams.text(this, "groupCol", "column of which no value's rows are parted by validSize");
        imageSize = new IntParam(
                this,
                "imageSize",
                "scale images so that their shorter side has so many pixels, and cut "
                        + "out the middle; without it all images must have one size");
        channels = new IntParam(this, "channels", "1 for grey, 3 for colors: what encoded images are decoded to");
        checkpointLocation = StageParams.text(
                this, "checkpointLocation", "folder in which a fit that was cut off goes on, on a shared file system");
        List<Param<?>> all = new ArrayList<>(StageParams.of(this));
        all.addAll(settings.params());
        all.addAll(List.of(
                labelCol, validationIndicatorCol, weightCol, groupCol, imageSize, channels, checkpointLocation));
        params = StageParams.sorted(all);
        StageParams.setDefaults(this);
        settings.setDefaults();
        setDefault(labelCol, "label");
    }

    /** Reads estimators that {@link #write} has written. */
    public static MLReader<DenseNetClassifier> read() {
        return new StageReader<>(DenseNetClassifier.class, (uid, folder) -> new DenseNetClassifier(uid));
    }

    /** Reads an estimator; errors as those of {@link #read}. */
    public static DenseNetClassifier load(String path) {
        return read().load(path);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Param<?>[] params() {
        return params.clone();
    }

    /** Column of the labels: indices of classes from 0, of any numeric type, or the classes' names. */
    public Param<String> labelCol() {
        return labelCol;
    }

    /** Boolean column that is true for rows which aren't learnt from: the best epoch is chosen by them. */
    public Param<String> validationIndicatorCol() {
        return validationIndicatorCol;
    }

    /** Column of numbers of 0 or more: how much each row's loss counts, those that are learnt from 1 on the average. */
    public Param<String> weightCol() {
        return weightCol;
    }

    /** Column such as a patient's or a scene's, of which no value's rows are parted when some are kept aside. */
    public Param<String> groupCol() {
        return groupCol;
    }

    /** Pixels of the shorter side to which images are scaled before the middle is cut out. */
    public IntParam imageSize() {
        return imageSize;
    }

    /** 1 or 3: what encoded images are decoded to. */
    public IntParam channels() {
        return channels;
    }

    /** Folder in which a fit that was cut off goes on when it is called again, on a file system that executors share. */
    public Param<String> checkpointLocation() {
        return checkpointLocation;
    }

    /** Sets {@link #labelCol}. */
    public DenseNetClassifier setLabelCol(String column) {
        return StageParams.set(this, labelCol, column);
    }

    /** Sets {@link #validationIndicatorCol}. */
    public DenseNetClassifier setValidationIndicatorCol(String column) {
        return StageParams.set(this, validationIndicatorCol, column);
    }

    /** Sets {@link #weightCol}. */
    public DenseNetClassifier setWeightCol(String column) {
        return StageParams.set(this, weightCol, column);
    }

    /** Sets {@link #groupCol}. */
    public DenseNetClassifier setGroupCol(String column) {
        return StageParams.set(this, groupCol, column);
    }

    /** Sets {@link #imageSize}. */
    public DenseNetClassifier setImageSize(int pixels) {
        return StageParams.set(this, imageSize, pixels);
    }

    /** Sets {@link #channels}. */
    public DenseNetClassifier setChannels(int number) {
        return StageParams.set(this, channels, number);
    }

    /** Sets {@link #checkpointLocation}. */
    public DenseNetClassifier setCheckpointLocation(String folder) {
        return StageParams.set(this, checkpointLocation, folder);
    }

    /**
     * Trains.
     *
     * @throws JobException if the run can't succeed with these params, this data and this cluster, before any long work
     *     where that shows then
     */
    @Override
    public DenseNetModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        return fit(() -> new Fit(this, settings.given(), dataset).run());
    }

    /**
     * Trains on a data set that {@code prepare} wrote, on its training and validation images; params that name columns and say
     * how images are read don't apply.
     *
     * @param location the data set's folder, on any file system that Hadoop knows
     * @throws JobException if the run can't succeed with these params, this data and this cluster
     */
    public DenseNetModel fitPrepared(SparkSession spark, String location) {
        JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return fit(() -> new PreparedFit(this, sc).run(settings.given(), location));
    }

    private DenseNetModel fit(Supplier<ModelFolder> run) {
        try {
            return copyValues(new DenseNetModel(uid, run.get()), new ParamMap()).setParent(this);
        } catch (RuntimeException e) {
            throw SettingParams.inParams(e);
        }
    }

    @Override
    public StructType transformSchema(StructType schema) {
        columns(schema).require(schema);
        ImageColumn.of(schema, getOrDefault(imageCol()), StageParams.imageShape(this));
        return StageParams.predictSettings(this).columns().appendedTo(schema);
    }

    ExampleColumns columns(StructType schema) {
        return new ExampleColumns(
                getOrDefault(imageCol()),
                LabelColumn.of(schema, getOrDefault(labelCol)),
                StageParams.value(this, validationIndicatorCol),
                StageParams.value(this, weightCol),
                StageParams.value(this, groupCol));
    }

    @Override
    public DenseNetClassifier copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return new StageWriter(this, Optional.empty());
    }
}
