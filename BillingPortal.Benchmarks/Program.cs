Console.WriteLine("usage: ledger");
