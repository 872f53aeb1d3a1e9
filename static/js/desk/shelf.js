// Where edits wait: two stores, `waiting` (what is to be sent, by seq) and `refused` (what a person has to look at).

export class Shelf {
  constructor(name) {
    this.database = new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore("waiting", { keyPath: "seq", autoIncrement: true });
        opening.result.createObjectStore("refused", { keyPath: "seq", autoIncrement: true });
      };
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  }

  async run(mode, work) {
    const database = await this.database;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(["waiting", "refused"], mode, { durability: "strict" });
      const request = work(transaction.objectStore("waiting"), transaction.objectStore("refused"));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

/* Where the browser has no IndexedDB for us (some private modes) edits live in the page, which asks before it closes. */
export class Memory {
  constructor() {
    const store = () => {
      const rows = new Map();
      let next = 1;
      return {
        add: (row) => rows.set(next, { ...row, seq: next++ }),
        delete: (seq) => rows.delete(seq),
        getAll: () => ({ result: [...rows.values()] }),
        get: (seq) => ({ result: rows.get(seq) }),
        size: () => rows.size,
      };
    };
    this.stores = [store(), store()];
    addEventListener("beforeunload", (event) => { if (this.stores[0].size()) event.preventDefault(); });
  }

  async run(_mode, work) {
    return work(...this.stores)?.result;
  }
}
