package io.densespark.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.ml.DenseNetClassifier;
import io.densespark.spark.ml.DenseNetModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;

/** What {@code params.py} says of each param, against the Java class's. */
class ParamsTest {
    private static final Pattern CLASS = Pattern.compile("class (\\w+)\\(Params\\):(.*?)(?=\\n@|\\z)", Pattern.DOTALL);
    private static final Pattern PARAM = Pattern.compile(
            " {4}(\\w+) = _param\\(\\s*\"(\\w+)\",\\s*(\\w+),\\s*((?:\"[^\"]*\"\\s*)+)(?:,\\s*([^\\s,()]+))?,?\\s*\\)");
    private static final Map<String, String> CONVERTERS = Map.of(
            "IntParam", "toInt",
            "LongParam", "toInt",
            "DoubleParam", "toFloat",
            "BooleanParam", "toBoolean",
            "IntArrayParam", "toListInt",
            "DoubleArrayParam", "toListFloat",
            "Param", "toString");

    /** A param in words, by its name, for each class of {@code params.py}. */
    private static Map<String, Map<String, String>> ofPython() throws IOException {
        String source = Files.readString(Path.of("densespark", "params.py"));
        return CLASS.matcher(source).results().collect(Collectors.toMap(owner -> owner.group(1), owner -> PARAM.matcher(
                        owner.group(2))
                .results()
                .peek(param -> assertThat(param.group(2)).isEqualTo(param.group(1)))
                .collect(Collectors.toMap(param -> param.group(1), ParamsTest::inWords))));
    }

    private static String inWords(MatchResult param) {
        String text = param.group(4).strip().replaceAll("\"\\s+\"", "");
        String standard = param.group(5) == null ? "" : " " + param.group(5);
        return param.group(3) + " " + text + standard;
    }

    private static Map<String, String> ofJava(Params stage) {
        Map<String, String> params = new TreeMap<>();
        for (Param<?> param : stage.params()) {
            String standard = stage.hasDefault(param)
                    ? " " + inPython(stage.getDefault(param).get())
                    : "";
            String converter = CONVERTERS.get(param.getClass().getSimpleName());
            params.put(param.name(), converter + " \"" + param.doc() + "\"" + standard);
        }
        return params;
    }

    private static String inPython(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        return value instanceof String ? "\"" + value + "\"" : value.toString().toLowerCase(Locale.ROOT);
    }

    @Test
    void pythonsParamsHaveTheNamesTypesTextsAndDefaultsOfJavas() throws IOException {
        Map<String, Map<String, String>> python = ofPython();
        Map<String, String> ofModel = ofJava(new DenseNetModel());
        assertThat(python.get("PredictionParams")).containsExactlyInAnyOrderEntriesOf(ofModel);
        Map<String, String> ofEstimator = ofJava(new DenseNetClassifier());
        ofEstimator.keySet().removeAll(ofModel.keySet());
        assertThat(python.get("TrainingParams")).containsExactlyInAnyOrderEntriesOf(ofEstimator);
    }
}
