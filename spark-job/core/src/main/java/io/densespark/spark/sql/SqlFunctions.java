package io.densespark.spark.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Function1;
import scala.Tuple3;
import scala.collection.Seq;
import scala.runtime.BoxedUnit;

/**
 * Gives sessions the functions {@code densenet_predict(model, image)} and {@code try_densenet_predict(model, image)}: what a
 * model says of an image, {@code struct<prediction: string, probability: double>}, the name of the most probable class and its
 * probability. Null gives null; an image that can't be read fails the query, or with {@code try_} gives null.
 */
public final class SqlFunctions implements SparkSessionExtensionsProvider {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        LoadedModels models = new LoadedModels();
        inject(
                extensions,
                "densenet_predict",
                "an image that can't be read fails the query",
                arguments -> PredictExpression.of("densenet_predict", arguments, models, true));
        inject(
                extensions,
                "try_densenet_predict",
                "an image that can't be read gives null",
                arguments -> PredictExpression.of("try_densenet_predict", arguments, models, false));
        return BoxedUnit.UNIT;
    }

    private static void inject(
            SparkSessionExtensions extensions,
            String name,
            String ofBadImages,
            Function1<Seq<Expression>, Expression> builder) {
        String usage =
                "_FUNC_(model, image) - the class that the model in a folder gives an image, and its probability; "
                        + ofBadImages;
        ExpressionInfo info =
                new ExpressionInfo(PredictExpression.class.getName(), null, name, usage, "", "", "", "", "", "", "");
        extensions.injectFunction(new Tuple3<>(new FunctionIdentifier(name), info, builder));
    }
}
