package io.densespark.spark.sql;

import io.densespark.spark.JobException;
import io.densespark.spark.predict.BadImageException;
import io.densespark.spark.predict.ImageClassifier;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.collection.IndexedSeq;
import scala.collection.Seq;
import scala.collection.immutable.Nil$;

/** What a model says of the image that an expression gives: a struct of the class's name and its probability. */
final class PredictExpression extends Expression implements CodegenFallback, Serializable {
    private static final long serialVersionUID = 1;
    private static final StructType TYPE =
            new StructType().add("prediction", DataTypes.StringType).add("probability", DataTypes.DoubleType);

    private final String name;
    private final Expression image;
    private final ImageClassifier classifier;
    private final boolean failsOnBadImage;

    private PredictExpression(String name, Expression image, ImageClassifier classifier, boolean failsOnBadImage) {
        this.name = name;
        this.image = image;
        this.classifier = classifier;
        this.failsOnBadImage = failsOnBadImage;
    }

    /**
     * The function of that name, applied to arguments that are resolved.
     *
     * @throws JobException if they are no model and image, or the model can't be read
     */
    static Expression of(String name, Seq<Expression> arguments, LoadedModels models, boolean failsOnBadImage) {
        if (arguments.length() != 2) {
            throw new JobException(
                    name + " has " + arguments.length() + " arguments: give a model's folder and an image");
        }
        Expression image = arguments.apply(1);
        SparkContext sc = SparkSession.active().sparkContext();
        ImageClassifier classifier =
                ImageClassifier.of(sc, image.sql(), image.dataType(), models.in(sc, folder(name, arguments.apply(0))));
        return new PredictExpression(name, image, classifier, failsOnBadImage);
    }

    private static String folder(String name, Expression model) {
        Object folder = model.foldable() && model.dataType() instanceof StringType ? model.eval(null) : null;
        if (folder == null) {
            throw new JobException(
                    "the model of " + name + " is " + model.sql() + ": give a model's folder, as a constant string");
        }
        return folder.toString();
    }

    /** Compiled to a method of Spark 4's return type, and to one of Spark 3.5's, which calls it. */
    @Override
    public scala.collection.immutable.Seq<Expression> children() {
        return Nil$.MODULE$.$colon$colon(image);
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new PredictExpression(name, children.apply(0), classifier, failsOnBadImage);
    }

    /** What Spark 4 calls, where Spark 3.5 calls {@link #withNewChildrenInternal(IndexedSeq)}. */
    public TreeNode<Expression> withNewChildrenInternal(scala.collection.immutable.IndexedSeq<Expression> children) {
        return withNewChildrenInternal((IndexedSeq<Expression>) children);
    }

    @Override
    public DataType dataType() {
        return TYPE;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    /** No: the optimizer would load the library on the driver, for one image. */
    @Override
    public boolean foldable() {
        return false;
    }

    @Override
    public @Nullable Object eval(InternalRow row) {
        Object value = image.eval(row);
        if (value == null) {
            return null;
        }
        try {
            ImageClassifier.Answer answer = classifier.classify(value);
            return new GenericInternalRow(
                    new Object[] {UTF8String.fromString(answer.prediction()), answer.probability()});
        } catch (BadImageException e) {
            if (failsOnBadImage) {
                throw new JobException(
                        e.getMessage() + ": give a good one, or call try_densenet_predict, which gives null");
            }
            return null;
        }
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public String prettyName() {
        return name;
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int n) {
        return switch (n) {
            case 0 -> name;
            case 1 -> image;
            case 2 -> classifier.modelSha256();
            default -> throw new IndexOutOfBoundsException(n);
        };
    }

    @Override
    public boolean canEqual(Object that) {
        return that instanceof PredictExpression;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof PredictExpression other
                && name.equals(other.name)
                && image.equals(other.image)
                && classifier.modelSha256().equals(other.classifier.modelSha256());
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
