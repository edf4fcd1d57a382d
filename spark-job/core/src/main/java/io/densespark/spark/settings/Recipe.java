package io.densespark.spark.settings;

import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.yaml.snakeyaml.reader.UnicodeReader;

/** A file with settings, and where it may lie. */
public final class Recipe {
    private static final String BUNDLED = "/io/densespark/spark/recipes/";
    private static final String SUFFIX = ".yaml";

    private Recipe() {}

    /**
     * Reads a recipe: flat YAML whose keys are {@link Setting#key()}s.
     *
     * @param recipe the name of a recipe in the job jar (such as {@code demo-mnist}), the name of a file in the driver's
     *     working directory, where {@code --files} lie in cluster deploy mode, or a path or URI
     * @throws JobException naming recipe, line and setting if there is no such recipe, it is no flat YAML, a key is unknown
     *     or given twice, or a value is none that the setting can have
     * @throws IOException if it can't be read to its end
     */
    public static SettingValues read(String recipe, Configuration conf) throws IOException {
        try (InputStream in = open(recipe, conf)) {
            return RecipeReader.read(new UnicodeReader(in), "recipe " + recipe);
        }
    }

    private static InputStream open(String recipe, Configuration conf) throws IOException {
        if (!recipe.contains("/")) {
            InputStream bundled = Recipe.class.getResourceAsStream(BUNDLED + recipe + SUFFIX);
            if (bundled != null) {
                return bundled;
            }
            // Asked of Hadoop, a mere name would lie on the cluster's default file system.
            Optional<java.nio.file.Path> here = localFile(recipe);
            if (here.isPresent()) {
                return Files.newInputStream(here.get());
            }
        }
        try {
            return open(new Path(recipe), recipe, conf);
        } catch (JobException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw UserMessage.wrongPlace("--recipe", recipe, e);
        }
    }

    private static InputStream open(Path path, String recipe, Configuration conf) throws IOException {
        FileSystem files = path.getFileSystem(conf);
        if (!files.exists(path)) {
            throw new JobException("there is no recipe " + recipe
                    + ": give the name of one in the job jar (conf/ without .yaml), the name of one that --files "
                    + "sent along, or the path of a YAML file");
        }
        if (files.getFileStatus(path).isDirectory()) {
            throw new JobException("recipe " + recipe + " is a folder: give the path of a YAML file");
        }
        return files.open(path);
    }

    private static Optional<java.nio.file.Path> localFile(String name) {
        try {
            return Optional.of(java.nio.file.Path.of(name)).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
