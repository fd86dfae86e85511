namespace OnnxViz.Fuzz;

/// <summary>Makes and tries one case after the other. It tells on standard output what it is at, so that its death can be laid at somebody's door.</summary>
internal static class Worker
{
    public static int Run(IFuzzTarget target, long first, long count, string keep)
    {
        Environment.SetEnvironmentVariable("ONNXVIZ_CACHE", "off");
        var output = TextWriter.Synchronized(Console.Out);
        var (number, folder, command) = (first, "", "");
        using var watchdog = new Watchdog(fault => Report(fault));
        for (; number < first + count; number++)
        {
            output.WriteLine($"{Campaign.At} {number}");
            output.Flush();
            var random = new CounterRandom((ulong)number, 0);
            folder = Path.Combine(keep, $"{target.Name}-{number}");
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            (command, var isBad) = ("(made)", false);
            watchdog.Restart();
            target.Mutate(target.Seeds[random.Next(target.Seeds.Count)], random, folder);
            foreach (var line in target.Try(folder, random))
            {
                command = string.Join(' ', line);
                File.WriteAllText(Path.Combine(folder, "command.txt"), command + "\n");
                watchdog.Restart();
                if (Trial.Of(line) is not { } fault) continue;
                Report(fault);
                isBad = true;
            }

            if (!isBad) Directory.Delete(folder, recursive: true);
        }

        return 0;

        void Report(string fault)
        {
            output.WriteLine($"{Campaign.Bad} {number} {fault.ReplaceLineEndings(" ")} [{command}]");
            output.Flush();
        }
    }
}
