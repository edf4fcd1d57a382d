package io.densespark.spark.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.densespark.model.network.Preset;
import io.densespark.model.network.StemKind;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads settings. Precedence: the command line, then the recipe, then the defaults in {@link Setting}. A recipe is flat
 * YAML whose keys are {@link Setting#key()}s.
 */
public final class Recipe {
    private static final String BUNDLED = "/io/densespark/spark/recipes/";
    private static final String SUFFIX = ".yaml";
    private static final String AUTO = "auto";

    private static final List<Setting> INSTEAD_OF_PRESET = List.of(
            Setting.DEPTH,
            Setting.BLOCK_CONFIG,
            Setting.GROWTH_RATE,
            Setting.BOTTLENECK,
            Setting.COMPRESSION,
            Setting.STEM);

    private Recipe() {}

    /**
     * Reads a recipe's values by key, as text.
     *
     * @param recipe the name of a recipe in the job jar (such as {@code demo-mnist}), the name of a file in the driver's
     *     working directory, where {@code --files} lie in cluster deploy mode, or a path or URI
     * @throws JobException if there is no such recipe, it is no flat YAML, or a key is unknown
     */
    public static Map<String, String> read(String recipe, Configuration conf) {
        try (InputStream in = open(recipe, conf)) {
            JsonNode tree = new YAMLMapper().readTree(in);
            if (tree == null || !tree.isObject()) {
                throw new JobException("recipe " + recipe + " has no lines of the form 'key: value'");
            }
            Map<String, String> values = new LinkedHashMap<>();
            tree.fields().forEachRemaining(field -> {
                requireKnown(field.getKey(), "recipe " + recipe);
                if (!field.getValue().isValueNode() || field.getValue().isNull()) {
                    throw new JobException("recipe " + recipe + ": setting " + field.getKey() + " must have one value");
                }
                values.put(field.getKey(), field.getValue().asText());
            });
            return values;
        } catch (JsonProcessingException e) {
            throw new JobException("recipe " + recipe + " is no valid YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new JobException("recipe " + recipe + " can't be read: " + e.getMessage(), e);
        }
    }

    private static InputStream open(String recipe, Configuration conf) throws IOException {
        if (!recipe.contains("/")) {
            InputStream bundled = Recipe.class.getResourceAsStream(BUNDLED + recipe + SUFFIX);
            if (bundled != null) {
                return bundled;
            }
            // Asked of Hadoop, a mere name would lie on the cluster's default file system.
            java.nio.file.Path here = java.nio.file.Path.of(recipe);
            if (Files.isRegularFile(here)) {
                return Files.newInputStream(here);
            }
        }
        Path path = new Path(recipe);
        FileSystem files = path.getFileSystem(conf);
        if (!files.exists(path)) {
            throw new JobException("there is no recipe " + recipe
                    + ": give the name of one in the job jar (conf/ without .yaml), the name of one that --files "
                    + "sent along, or the path of a YAML file");
        }
        return files.open(path);
    }

    /**
     * The settings of a training run.
     *
     * @param overrides values of the command line, by key
     * @param recipe values of the recipe, by key
     * @throws JobException naming the setting that is missing, unknown, malformed or out of range
     */
    public static TrainSettings settings(Map<String, String> overrides, Map<String, String> recipe) {
        overrides.keySet().forEach(key -> requireKnown(key, "the command line"));
        Values values = new Values(overrides, recipe);
        return new TrainSettings(
                values.text(Setting.DATA),
                values.text(Setting.SAVE),
                network(values),
                values.integer(Setting.EPOCHS),
                values.integer(Setting.BATCH_SIZE),
                values.number(Setting.LEARNING_RATE),
                values.number(Setting.MOMENTUM),
                values.number(Setting.WEIGHT_DECAY),
                values.integer(Setting.VALID_SIZE),
                values.integer(Setting.CROP_PADDING),
                values.flag(Setting.FLIP),
                level(overrides, recipe).orElse(null),
                values.isGiven(Setting.INIT) ? values.text(Setting.INIT) : null,
                values.isGiven(Setting.SEED) ? (Long) values.whole(Setting.SEED) : null,
                values.isGiven(Setting.REPLICAS) ? (Integer) values.integer(Setting.REPLICAS) : null,
                values.integer(Setting.COLLECTIVE_TIMEOUT),
                values.integer(Setting.MAX_FAILURES));
    }

    /** The recompute level, empty for auto. {@code efficient} is the older way to say it: what is said later counts. */
    private static Optional<RecomputeLevel> level(Map<String, String> overrides, Map<String, String> recipe) {
        for (Map<String, String> source : List.of(overrides, recipe)) {
            Values given = new Values(source, Map.of());
            boolean isNamed = given.isGiven(Setting.RECOMPUTE);
            if (given.isGiven(Setting.EFFICIENT)) {
                boolean efficient = given.flag(Setting.EFFICIENT);
                String name = isNamed ? given.text(Setting.RECOMPUTE) : efficient ? "activations" : "none";
                if (efficient == name.equals("none")) {
                    throw new JobException("settings efficient " + efficient + " and recompute " + name
                            + " contradict each other: leave out efficient");
                }
                return parseLevel(name);
            }
            if (isNamed) {
                return parseLevel(given.text(Setting.RECOMPUTE));
            }
        }
        return parseLevel(Setting.RECOMPUTE.standard().orElseThrow());
    }

    /**
     * The levels that a value of {@link Setting#RECOMPUTE} allows, the fastest first.
     *
     * @throws JobException naming the values that there are
     */
    public static List<RecomputeLevel> levels(String value) {
        return parseLevel(value).map(List::of).orElse(List.of(RecomputeLevel.values()));
    }

    private static Optional<RecomputeLevel> parseLevel(String name) {
        if (name.equals(AUTO)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(RecomputeLevel.values())
                .filter(level -> level.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new JobException("setting recompute is '" + name + "': it must be one of "
                        + Setting.RECOMPUTE.unit().replace("|", ", "))));
    }

    private static NetworkSettings network(Values values) {
        boolean preset = values.prevails(Setting.PRESET, INSTEAD_OF_PRESET);
        boolean blocks = !preset && values.prevails(Setting.BLOCK_CONFIG, List.of(Setting.DEPTH));
        boolean compression = !preset && values.isGiven(Setting.COMPRESSION);
        return new NetworkSettings(
                preset ? values.text(Setting.PRESET) : null,
                preset || blocks ? 0 : values.integer(Setting.DEPTH),
                blocks ? NetworkSettings.blocks(values.text(Setting.BLOCK_CONFIG)) : null,
                preset ? 0 : values.integer(Setting.GROWTH_RATE),
                !preset && values.flag(Setting.BOTTLENECK),
                compression ? (Double) values.number(Setting.COMPRESSION) : null,
                preset ? Preset.of(values.text(Setting.PRESET)).spec().stem() : values.stem(),
                values.number(Setting.DROPOUT));
    }

    private static void requireKnown(String key, String source) {
        if (Setting.ofKey(key).isEmpty()) {
            String known = Arrays.stream(Setting.values())
                    .map(Setting::key)
                    .collect(Collectors.toCollection(TreeSet::new))
                    .toString();
            throw new JobException("unknown setting " + key + " in " + source + "; known are " + known);
        }
    }

    private record Values(Map<String, String> overrides, Map<String, String> recipe) {
        boolean isGiven(Setting setting) {
            return overrides.containsKey(setting.key()) || recipe.containsKey(setting.key());
        }

        /**
         * True if {@code setting} is given and none of those that it makes meaningless: on the command line it overrides
         * the recipe's, in a recipe the command line's override it.
         */
        boolean prevails(Setting setting, List<Setting> others) {
            if (!isGiven(setting)) {
                return false;
            }
            boolean commandLine = overrides.containsKey(setting.key());
            Map<String, String> besides = commandLine ? overrides : recipe;
            others.stream()
                    .filter(other -> besides.containsKey(other.key()))
                    .findFirst()
                    .ifPresent(other -> {
                        throw new JobException("settings " + setting.key() + " and " + other.key()
                                + " contradict each other: leave one out");
                    });
            return commandLine || others.stream().noneMatch(other -> overrides.containsKey(other.key()));
        }

        StemKind stem() {
            return parse(Setting.STEM, "small or imagenet", text -> Arrays.stream(StemKind.values())
                    .filter(kind -> kind.toString().equals(text))
                    .findFirst()
                    .orElseThrow(NumberFormatException::new));
        }

        String text(Setting setting) {
            String value = overrides.getOrDefault(setting.key(), recipe.get(setting.key()));
            if (value != null && !value.isBlank()) {
                return value.trim();
            }
            return setting.standard()
                    .orElseThrow(() -> new JobException("setting " + setting.key() + " is missing: give --"
                            + setting.key() + " " + setting.unit()));
        }

        int integer(Setting setting) {
            return parse(setting, "a whole number", Integer::parseInt);
        }

        long whole(Setting setting) {
            return parse(setting, "a whole number", Long::parseLong);
        }

        double number(Setting setting) {
            return parse(setting, "a number", Double::parseDouble);
        }

        boolean flag(Setting setting) {
            return parse(setting, "true or false", text -> switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new NumberFormatException();
            });
        }

        private <T> T parse(Setting setting, String what, java.util.function.Function<String, T> parser) {
            String text = text(setting);
            try {
                return parser.apply(text);
            } catch (NumberFormatException e) {
                throw new JobException("setting " + setting.key() + " is '" + text + "': it must be " + what, e);
            }
        }
    }
}
