package io.densespark.spark.ml;

import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.predict.Predictor;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A trained DenseNet. {@link #transform} appends the class of each row's image, its probabilities and its logits, to batches
 * and streams alike; there is one replica in an executor, whatever the number of its tasks.
 *
 * <p>A saved model is an ordinary model folder too, and {@link #ofModelFolder} takes any that training wrote.
 */
public final class DenseNetModel extends Model<DenseNetModel> implements PredictionParams<DenseNetModel>, MLWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<?>[] params;
    private final transient @Nullable SharedModel model;

    /** A model without weights, for readers that make one by its class; only loading fills one. */
    public DenseNetModel() {
        this(Identifiable$.MODULE$.randomUID("DenseNetModel"));
    }

    /** A model without weights, as {@link #DenseNetModel()}. */
    public DenseNetModel(String uid) {
        this(uid, (SharedModel) null);
    }

    DenseNetModel(String uid, ModelFolder folder) {
        this(uid, new SharedModel(folder));
    }

    private DenseNetModel(String uid, @Nullable SharedModel model) {
        this.uid = uid;
        this.model = model;
        params = StageParams.sorted(StageParams.of(this));
        StageParams.setDefaults(this);
    }

    /** Reads models that {@link #write} has written. */
    public static MLReader<DenseNetModel> read() {
        return new StageReader<>(
                DenseNetModel.class,
                (uid, place) -> new DenseNetModel(uid, ModelFolder.read(place.path(), place.conf())));
    }

    /** Reads a model; errors as those of {@link #read}. */
    public static DenseNetModel load(String path) {
        return read().load(path);
    }

    /**
     * The model of a model folder, such as {@code train} writes, which needn't have been saved by a pipeline.
     *
     * @throws JobException if there is none
     */
    public static DenseNetModel ofModelFolder(String path) throws IOException {
        StageFolder place = StageFolder.at(path);
        return new DenseNetModel(
                Identifiable$.MODULE$.randomUID("DenseNetModel"), ModelFolder.read(place.path(), place.conf()));
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Param<?>[] params() {
        return params.clone();
    }

    /** Names of the classes: the prediction is an index into it. */
    public List<String> classes() {
        return description().classes();
    }

    /** Number of classes. */
    public int numClasses() {
        return classes().size();
    }

    /** The network, and how its images are prepared. */
    public ModelDescription description() {
        return model().folder().description();
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        return Predictor.predict(
                dataset.toDF(),
                StageParams.predictSettings(this),
                model().sentTo(dataset.sparkSession().sparkContext()));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return Predictor.schema(schema, StageParams.predictSettings(this), description());
    }

    @Override
    public DenseNetModel copy(ParamMap extra) {
        DenseNetModel copy = new DenseNetModel(uid, model);
        return copyValues(copy, extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new StageWriter(this, Optional.of(model().folder()));
    }

    private SharedModel model() {
        if (model == null) {
            throw new JobException(uid + " has no weights: load a model, or fit one");
        }
        return model;
    }
}
