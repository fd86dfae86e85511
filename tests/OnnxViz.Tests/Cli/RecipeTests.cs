using OnnxViz.Autodiff.Rules;
using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Maximize;
using OnnxViz.Onnx;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Options;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Views;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>Recipes are options and nothing else: what they come to can be typed.</summary>
public sealed class RecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names() => [.. MaximizeRecipe.All.Select(r => r.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_printed_means_the_same(string recipe)
    {
        string[] args = ["maximize", "--layer", "conv3_3", "--unit", "0.7*5+0.3*20,9", "--recipe", recipe];
        var command = CliRun.Text([.. args, "--print-options"]).Trim();
        Assert.DoesNotContain("recipe", command, StringComparison.Ordinal);
        var (given, typed) = (Variant.Of(Parsed(args))[0], Variant.Of(Parsed(command.Split(' ')[1..]))[0]);
        Assert.Equal(OptionTable.ToTexts(given.Options), OptionTable.ToTexts(typed.Options));
        Assert.Equal(given.Sheet, typed.Sheet);
        Assert.Equal("0.7*5+0.3*20,9", Parsed(command.Split(' ')[1..]).Unit);
        Assert.Equal(command, CliRun.Text([.. command.Split(' ')[1..], "--print-options"]).Trim());
    }

    [Fact]
    public void Every_recipe_names_options_that_there_are_and_is_listed()
    {
        Assert.All(MaximizeRecipe.All, r => Assert.Equal(r.Options.Count, OptionTable.Of(typeof(MaximizeOptions)).Count(o => r.Options.Any(given => given.Name == o.Name))));
        Assert.All(MaximizeRecipe.All, r => Assert.Equal(r.Sheet.Count, OptionTable.Of(typeof(LabelledSheetOptions)).Count(o => r.Sheet.Any(given => given.Name == o.Name))));
        Assert.Equal(MaximizeRecipe.Names, string.Join(", ", MaximizeRecipe.All.Select(r => r.Name)));
    }

    [Fact]
    public void What_is_given_beside_a_recipe_counts()
    {
        var (recipe, options, sheet) = Variant.Of(Parsed("maximize --layer conv3_3 --unit 5 --recipe target-mse --param fourier --lr 0.5 --labels none".Split(' ')))[0];
        Assert.Equal("target-mse", recipe);
        Assert.Equal((ParameterKind.Fourier, 0.5, MaximizeObjective.Target, 200), (options.Param, options.LearningRate, options.Objective, options.Steps));
        Assert.Equal((SheetLabels.None, GridBackground.Black), (sheet.Labels, sheet.Background));
    }

    [Fact]
    public void Printing_runs_nothing_and_json_has_the_options()
    {
        var run = CliRun.Of("maximize", "-m", "no-such.onnx", "--recipe", "target-mse,lucid2017", "--print-options", "--json");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        var runs = run.Json["runs"]!.AsArray();
        Assert.Equal(["target-mse", "lucid2017"], runs.Select(r => (string)r!["recipe"]!));
        Assert.Equal("target", (string)runs[0]!["options"]!["objective"]!);
        Assert.Equal(0.05, (double)runs[1]!["options"]!["lr"]!);
        Assert.StartsWith("onnxviz maximize ", (string)runs[1]!["command"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_recipe_lists_the_known_ones()
    {
        var run = CliRun.Of("maximize", "--layer", "conv3_3", "--unit", "5", "--recipe", "lucid2018");
        Assert.Equal(2, run.Exit);
        Assert.Contains("nearest: lucid2017", run.Error);
        Assert.Contains("mahendran2015-scharr", run.Error);
    }

    [Fact]
    public void Several_recipes_stand_side_by_side_for_every_unit()
    {
        var run = CliRun.Of(
            "maximize", "-m", SmallClassifier.Save(_folder["small.onnx"]), "--layer", "first", "--unit", "3,1", "--recipe", "erhan2009,target-mse", "--steps", "2",
            "--size", "16", "--json", "--raw", _folder["raw.npy"], "-o", _folder["sheet.png"]);
        Assert.Equal(0, run.Exit);
        var results = run.Json["results"]!.AsArray();
        Assert.Equal(
            [("first 3", "erhan2009"), ("first 3", "target-mse"), ("first 1", "erhan2009"), ("first 1", "target-mse")],
            results.Select(r => ((string)r!["subject"]!, (string)r["recipe"]!)));
        Assert.Equal([4, 3, 16, 16], NpyFile.Load(_folder["raw.npy"]).Dims);
    }

    [Fact]
    public void More_than_a_page_goes_on_the_next_one()
    {
        var run = CliRun.Of(
            "maximize", "-m", SmallClassifier.Save(_folder["small.onnx"]), "--layer", "first", "--unit", "all", "--steps", "1", "--size", "16", "--page-size", "3",
            "--json", "-o", _folder["all.png"]);
        Assert.Equal(0, run.Exit);
        string[] files = [_folder["all-1.png"], _folder["all-2.png"], _folder["all-3.png"]];
        Assert.Equal(files, run.Json["files"]!.AsArray().Select(f => (string)f!));
        Assert.Equal(files, Directory.GetFiles(_folder.Path, "*.png").Order());
    }

    private static MaximizeVerb Parsed(string[] args)
    {
        Assert.Null(Arguments.Parse(args, VerbList.All, new Streams(TextWriter.Null, TextWriter.Null, default), out var verb));
        return (MaximizeVerb)verb!;
    }
}
