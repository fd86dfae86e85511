using OnnxViz.Doctor;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>Three commands to try on a model, which run as they stand.</summary>
internal static class FirstCommands
{
    private const int Wanted = 3;

    /// <summary>A picture that the program carries.</summary>
    private const string Picture = "chelsea.png";

    /// <param name="found">What can be asked.</param>
    /// <param name="given">--input, as it was given.</param>
    public static IReadOnlyList<string> Of(Examination found, IReadOnlyList<string> given)
    {
        var others = string.Concat(given.Select(g => $" --input {ShellWord.Of(g)}"));
        var model = $"-m {ShellWord.Of(found.Model.Name)}{others}";
        return [.. All(found, model).Append($"summary {ShellWord.Of(found.Model.Name)}{others}").Append($"coverage {ShellWord.Of(found.Model.Name)}{others}").Take(Wanted).Select(c => $"onnxviz {c}")];
    }

    /// <summary>The most telling first.</summary>
    private static IEnumerable<string> All(Examination found, string model)
    {
        var takesPictures = found.Model.Conventions.TakesPictures;
        var unit = found.Best is { } best ? $"--layer {ShellWord.Of(best.Layer.Name)} --unit 0" : null;
        string[] methods = [.. new[] { "gradient", "grad-cam", "eigen-cam", "occlusion" }.Where(m => found.Abilities.Any(a => a.Obstacle is null && a.Methods.Contains(m))).Take(2)];
        if (takesPictures && found.Can("predict")) yield return $"predict {model} -i {Picture}";
        if (takesPictures && methods.Length > 0 && (found.Classes is not null || unit is not null))
            yield return $"saliency {model} -i {Picture} {(found.Classes is not null ? "" : found.Detector is { IsSure: true } ? "--score box:0 " : $"{unit} ")}--methods {string.Join(',', methods)} -o why.png";
        if (unit is not null && found.Can("maximize")) yield return $"maximize {model} {unit} -o unit.png";
        if (takesPictures && unit is not null && found.Can("activations")) yield return $"activations {model} -i {Picture} --layer {ShellWord.Of(found.Best!.Layer.Name)} -o maps.png";
        if (found.Can("kernels")) yield return $"kernels {model} -o kernels.png";
    }
}
